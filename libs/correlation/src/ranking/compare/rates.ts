/** How often services are asked, before and during. */
import type { Context } from './comparison.ts';

export interface Rate {
  readonly calls: number;
  readonly perSecond: number;
}

export interface RatePair {
  readonly before: Rate;
  readonly during: Rate;
}

/** How often each service is asked, by its own spans or those of its callers. */
export function callRates(context: Context): Map<string, RatePair> {
  const { operations, edges, traced } = context;
  const served = operations.filter(({ kind }) => kind === 'server' || kind === 'consumer');
  const seen = edges.filter(({ callee }) => !traced.has(callee));
  return ratesOf(context, [
    ...served.map(({ service, rows }) => ({ service, rows })),
    ...seen.map(({ callee, rows }) => ({ service: callee, rows })),
  ]);
}

/** How many messages each service sends. */
export function sentRates(context: Context): Map<string, RatePair> {
  return ratesOf(
    context,
    context.operations.filter(({ kind }) => kind === 'producer'),
  );
}

interface CountedCalls {
  readonly service: string;
  readonly rows: readonly { readonly slice: number; readonly calls: number }[];
}

/** Over the short slices that hold any call: a patchy past is not a quiet one, and an hour ago is another load. */
function ratesOf({ input, sides }: Context, counted: readonly CountedCalls[]): Map<string, RatePair> {
  const slices = input.answer?.slices ?? [];
  const calls = new Map<string, Float64Array>();
  for (const { service, rows } of counted) {
    const own = calls.get(service) ?? new Float64Array(slices.length);
    calls.set(service, own);
    for (const row of rows) own[row.slice] = (own[row.slice] ?? 0) + row.calls;
  }
  const rateOf = (own: Float64Array, during: boolean): Rate => {
    let [sum, seconds] = [0, 0];
    slices.forEach(({ fromMs, toMs }, slice) => {
      if (slice === 0 || sides[slice] !== during || (own[slice] ?? 0) === 0) return;
      sum += own[slice] ?? 0;
      seconds += (toMs - fromMs) / 1000;
    });
    return { calls: sum, perSecond: seconds === 0 ? 0 : sum / seconds };
  };
  return new Map(
    [...calls].map(([service, own]) => [service, { before: rateOf(own, false), during: rateOf(own, true) }]),
  );
}
