import type { Hypothesis } from '../api/types.ts';

/** Evidence for and against, strongest first. */
export function splitEvidence({ evidence }: Pick<Hypothesis, 'evidence'>) {
  const strongest = [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    evidenceFor: strongest.filter(({ weight }) => weight >= 0),
    evidenceAgainst: strongest.filter(({ weight }) => weight < 0),
  };
}

/** Log-odds as one to three marks. 0.7 doubles the odds; 1.6 makes them five times as high. */
export function strength(weight: number): 1 | 2 | 3 {
  const size = Math.abs(weight);
  return size >= 1.6 ? 3 : size >= 0.7 ? 2 : 1;
}

const shownHypotheses = 5;
const leastProbability = 0.02;

/** The likely ones are shown at once, at least two. The others are a click away. */
export function splitHypotheses(hypotheses: readonly Hypothesis[]) {
  const isLikely = ({ probability }: Hypothesis, index: number) =>
    index < 2 || (index < shownHypotheses && probability >= leastProbability);
  return {
    likely: hypotheses.filter(isLikely),
    lessLikely: hypotheses.filter((each, index) => !isLikely(each, index)),
  };
}
