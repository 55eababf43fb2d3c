/** How new evidence changed the judgement. Readers must see when the blame moved, where to and why. */
import type { Hypothesis } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { Blame, IncidentEvent } from '../state/state.ts';

type Judgement = Pick<Ranking, 'verdict' | 'hypotheses'>;
const maxEvidenceLength = 160;

/** An event when the blame is new, another or gone; null when it stays, whatever its probability. */
export function blameChange(before: Judgement | null, after: Judgement): IncidentEvent | null {
  const was = blameOf(before);
  const now = blameOf(after);
  const isSame = was?.service === now?.service && was?.faultType === now?.faultType;
  return isSame ? null : { kind: 'blame-changed', before: was, now };
}

function blameOf(judgement: Judgement | null): Blame | null {
  const hypothesis = judgement?.verdict === 'identified' ? judgement.hypotheses[0] : undefined;
  if (hypothesis === undefined) return null;
  const { cause, probability } = hypothesis;
  return { service: cause.service, faultType: cause.kind, probability, evidence: strongestEvidence(hypothesis) };
}

function strongestEvidence({ evidence }: Hypothesis): string {
  const [best] = evidence.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return best?.summary.slice(0, maxEvidenceLength) ?? '';
}
