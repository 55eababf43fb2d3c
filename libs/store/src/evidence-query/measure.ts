/** Means and quantiles in milliseconds of a summed histogram (libs/model/src/histogram.ts), given by its alias; NULL where there is nothing. */

export function meanMs(histogram: string): string {
  const [buckets, counts] = [`mapKeys(${histogram})`, `mapValues(${histogram})`];
  const total = `arraySum((bucket, n) -> exp2((bucket + 0.5) / 8) * n, ${buckets}, ${counts})`;
  return `round(${total} / nullIf(arraySum(${counts}), 0) / 1000, 2)`;
}

/** The time that a share of the calls stays below. */
export function quantileMs(histogram: string, q: number): string {
  const counts = `mapValues(${histogram})`;
  const at = `arrayFirstIndex(seen -> seen >= ${q} * arraySum(${counts}), arrayCumSum(${counts}))`;
  return `round(exp2((mapKeys(${histogram})[${at}] + 0.5) / 8) / 1000, 2)`;
}
