/** How often services are called, in both windows. */
import type { Window } from '../input/window.ts';
import type { Comparison } from './comparison.ts';

export interface Rate {
  readonly calls: number;
  readonly perSecond: number;
}

export interface RateComparison {
  readonly before: Rate;
  readonly during: Rate;
}

type Inputs = Pick<Comparison, 'slices' | 'windows' | 'operations' | 'edges' | 'traced'>;

/** How often each service is called, by its own spans or else by those of its callers. */
export function callRates(inputs: Inputs): Map<string, RateComparison> {
  const { operations, edges, traced } = inputs;
  const served = operations.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  const seen = edges.filter(({ callee }) => !traced.has(callee));
  return ratesOf(inputs, [
    ...served.map(({ service, rows }) => ({ service, rows })),
    ...seen.map(({ callee, rows }) => ({ service: callee, rows })),
  ]);
}

/** How many messages each service sends. */
export function sentRates(inputs: Omit<Inputs, 'edges' | 'traced'>): Map<string, RateComparison> {
  return ratesOf(
    inputs,
    inputs.operations.filter(({ kind }) => kind === 'producer'),
  );
}

interface CountedCalls {
  readonly service: string;
  readonly rows: readonly { readonly slice: number; readonly calls: number }[];
}

/**
 * Rates over the short slices that hold any call. Slices without calls are left out, since history may have holes. The long first slice is
 * left out as well, since the load an hour ago was another.
 */
function ratesOf(
  { slices, windows }: Pick<Inputs, 'slices' | 'windows'>,
  counted: readonly CountedCalls[],
): Map<string, RateComparison> {
  const calls = new Map<string, Float64Array>();
  for (const { service, rows } of counted) {
    const own = calls.get(service) ?? new Float64Array(slices.length);
    calls.set(service, own);
    for (const row of rows) own[row.slice] = (own[row.slice] ?? 0) + row.calls;
  }
  const rateOf = (own: Float64Array, window: Window): Rate => {
    let [sum, seconds] = [0, 0];
    slices.forEach(({ fromMs, toMs }, slice) => {
      if (slice === 0 || windows[slice] !== window || (own[slice] ?? 0) === 0) return;
      sum += own[slice] ?? 0;
      seconds += (toMs - fromMs) / 1000;
    });
    return { calls: sum, perSecond: seconds === 0 ? 0 : sum / seconds };
  };
  return new Map(
    [...calls].map(([service, own]) => [service, { before: rateOf(own, 'baseline'), during: rateOf(own, 'incident') }]),
  );
}

/** How many times as often; null when one of the windows holds no calls. */
export function growthOf({ before, during }: RateComparison): number | null {
  return before.perSecond > 0 && during.calls > 0 ? during.perSecond / before.perSecond : null;
}

/** Twice the traffic is where capacity planning usually ends. */
const surgeFrom = 2;
const minCalls = 50;

/** Far more requests than before at an entry: a service that nobody in the graph calls. */
export interface Surge extends RateComparison {
  readonly service: string;
  /** How far it goes beyond twice the traffic, as a ratio less one. */
  readonly beyond: number;
}

export function surgesOf(inputs: Inputs & Pick<Comparison, 'services' | 'callers'>): Surge[] {
  const entries = inputs.services.filter((name) => inputs.traced.has(name) && !inputs.callers.has(name));
  const rates = callRates(inputs);
  return entries.flatMap((service) => {
    const rate = rates.get(service);
    if (rate === undefined) return [];
    const { before, during } = rate;
    if (before.calls < minCalls || during.perSecond < surgeFrom * before.perSecond) return [];
    return [{ ...rate, service, beyond: during.perSecond / Math.max(before.perSecond, 1e-9) / surgeFrom - 1 }];
  });
}
