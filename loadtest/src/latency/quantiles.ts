/** Quantiles of measured times. */
export interface Quantiles {
  readonly count: number;
  /** Infinity, as null in JSON, when too many never came. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest rank: the smallest value that at least this share of the values does not exceed. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { count: values.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
