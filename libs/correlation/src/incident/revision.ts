/** What new evidence did to the judgement, for the timeline: who only reads that must see when the blame moved, where to and why. */
import type { Hypothesis } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';

type Judgement = Pick<Ranking, 'verdict' | 'hypotheses'>;
const maxReasonLength = 160;

/** One line when the blame is new, another or gone; null when it stays, whatever its probability. */
export function describeRevision(before: Judgement | null, now: Judgement): string | null {
  const was = blamed(before);
  const is = blamed(now);
  if (is === null) return was === null ? null : `no longer blamed: ${named(was)}; the evidence is inconclusive`;
  if (was === null) return `likely cause: ${named(is)}${because(is)}`;
  if (causeOf(was) === causeOf(is)) return null;
  return `cause changed from ${named(was)} to ${named(is)}${because(is)}`;
}

function blamed(judgement: Judgement | null): Hypothesis | null {
  return judgement?.verdict === 'identified' ? (judgement.hypotheses[0] ?? null) : null;
}

function causeOf({ cause: { service, kind } }: Hypothesis): string {
  return `${service} ${kind}`;
}

function named(hypothesis: Hypothesis): string {
  return `${causeOf(hypothesis)} (${Math.round(hypothesis.probability * 100)} %)`;
}

/** The evidence that speaks loudest for it. */
function because({ evidence }: Hypothesis): string {
  const [best] = [...evidence].filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return best === undefined ? '' : `: ${best.summary.slice(0, maxReasonLength)}`;
}
