/** Scoring: a hit at k means that the label is among the k best distinct services. Equal scores count against it. */
interface Guess {
  readonly service: string;
  readonly score: number;
}

/**
 * Strict rank of `label`: 1 plus the number of other services with at least its score. Infinity when it is not listed.
 */
export function strictRank(guesses: readonly Guess[], label: string): number {
  const best = new Map<string, number>();
  for (const { service, score } of guesses)
    best.set(service, Math.max(score, best.get(service) ?? Number.NEGATIVE_INFINITY));
  const own = best.get(label);
  if (own === undefined) return Number.POSITIVE_INFINITY;
  return [...best].filter(([service, score]) => service !== label && score >= own).length + 1;
}

interface Tally {
  readonly cases: number;
  readonly top1: number;
  readonly top3: number;
  readonly top5: number;
}

/** Null ranks were not listed. */
export function tally(ranks: readonly (number | null)[]): Tally {
  const within = (limit: number): number => ranks.filter((rank) => rank !== null && rank <= limit).length;
  return { cases: ranks.length, top1: within(1), top3: within(3), top5: within(5) };
}

/** `yes` of `of` answers. Null answers do not count. */
export interface Share {
  readonly yes: number;
  readonly of: number;
}

export function shareOf(answers: readonly (boolean | null)[]): Share {
  return {
    yes: answers.filter((answer) => answer === true).length,
    of: answers.filter((answer) => answer !== null).length,
  };
}

/** A predicted probability, and whether the prediction was right. */
interface Forecast {
  readonly probability: number;
  readonly hit: boolean;
}

/** Mean squared error: 0 is best, and a constant 0.5 gets 0.25. NaN without forecasts. */
export function brierScore(forecasts: readonly Forecast[]): number {
  return forecasts.reduce((sum, { probability, hit }) => sum + (probability - Number(hit)) ** 2, 0) / forecasts.length;
}

interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means. 0 in an empty bin. */
  readonly predicted: number;
  readonly observed: number;
}

/** Forecasts in five equal bins of predicted probability. In a calibrated forecast, `observed` is near `predicted`. */
export function reliability(forecasts: readonly Forecast[], bins = 5): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, i) => {
    const own = forecasts.filter(({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)) === i);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
    const predicted = mean(own.map(({ probability }) => probability));
    return {
      from: i / bins,
      to: (i + 1) / bins,
      count: own.length,
      predicted,
      observed: mean(own.map(({ hit }) => Number(hit))),
    };
  });
}

/** Smallest value with at least this share of values at or below it. Values may be infinite. NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
