/** How often services are asked, before and during. */
import type { Context } from '../context.ts';

export interface Rate {
  readonly calls: number;
  readonly perSecond: number;
}

export interface RatePair {
  readonly before: Rate;
  readonly during: Rate;
}

/** By service, sorted by name. Over the short slices that hold any call: a patchy past is not a quiet one, and an hour ago is another load. */
export function callRates({ input, sides, operations, edges, traced }: Context): Map<string, RatePair> {
  const slices = input.answer?.slices ?? [];
  const calls = new Map<string, Float64Array>();
  for (const { service, kind, rows } of operations) {
    if (kind !== 'server' && kind !== 'consumer') continue;
    const own = calls.get(service) ?? new Float64Array(slices.length);
    calls.set(service, own);
    for (const row of rows) own[row.slice] = (own[row.slice] ?? 0) + row.calls;
  }
  for (const { callee, rows } of edges) {
    if (traced.has(callee)) continue;
    const own = calls.get(callee) ?? new Float64Array(slices.length);
    calls.set(callee, own);
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
