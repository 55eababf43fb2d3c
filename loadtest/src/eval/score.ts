/** Scoring as cases/README.md defines it: the label among the k best distinct services, equal scores counted against. */
export interface Guess {
  readonly service: string;
  readonly score: number;
}

/** The strict rank of `label`: 1 + the other services that score at least as much. Infinity when it is not listed. */
export function strictRank(guesses: readonly Guess[], label: string): number {
  const best = new Map<string, number>();
  for (const { service, score } of guesses)
    best.set(service, Math.max(score, best.get(service) ?? Number.NEGATIVE_INFINITY));
  const own = best.get(label);
  if (own === undefined) return Number.POSITIVE_INFINITY;
  return [...best].filter(([service, score]) => service !== label && score >= own).length + 1;
}

export interface Tally {
  readonly cases: number;
  readonly top1: number;
  readonly top3: number;
  readonly top5: number;
}

export function tally(ranks: readonly number[]): Tally {
  const within = (limit: number): number => ranks.filter((rank) => rank <= limit).length;
  return { cases: ranks.length, top1: within(1), top3: within(3), top5: within(5) };
}
