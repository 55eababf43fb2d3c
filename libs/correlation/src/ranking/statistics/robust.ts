/** Statistics of plain numbers that outliers do not move. */

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The q-quantile of sorted numbers, interpolated; NaN when empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: ArrayLike<number>): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/**
 * The median, and the median distance from it times 1.4826: the standard deviation of a normal sample, which outliers do not move (Hampel,
 * 1974). It sorts once and collects the distances from the middle outwards. NaN when empty.
 */
export function levelAndSpread(values: ArrayLike<number>): { readonly level: number; readonly spread: number } {
  const sorted = Float64Array.from(values).sort();
  const level = quantile(sorted, 0.5);
  const distances = new Float64Array(sorted.length);
  let high = sorted.findIndex((value) => value >= level);
  let low = high - 1;
  for (let i = 0; i < distances.length; i++) {
    const below = low >= 0 ? level - (sorted[low] ?? 0) : Number.POSITIVE_INFINITY;
    const above = high < sorted.length ? (sorted[high] ?? 0) - level : Number.POSITIVE_INFINITY;
    distances[i] = Math.min(below, above);
    if (below < above) low--;
    else high++;
  }
  return { level, spread: 1.4826 * quantile(distances, 0.5) };
}
