/**
 * SQL for the mean, in ms, of a summed histogram (libs/model/src/histogram.ts) with this alias; NULL when it is empty.
 */

export function meanMs(histogram: string): string {
  const [buckets, counts] = [`mapKeys(${histogram})`, `mapValues(${histogram})`];
  const total = `arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, ${buckets}, ${counts})`;
  return `round(${total} / nullIf(arraySum(${counts}), 0) / 1000, 2)`;
}

/** SQL for a quantile, in ms, of such a histogram. */
export function quantileMs(histogram: string, q: number): string {
  const counts = `mapValues(${histogram})`;
  const at = `arrayFirstIndex(seen -> seen >= ${q} * arraySum(${counts}), arrayCumSum(${counts}))`;
  return `round(exp2((mapKeys(${histogram})[${at}] + 0.5) / 8) / 1000, 2)`;
}
