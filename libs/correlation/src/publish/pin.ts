import { type CauseKind, causeKinds, type Hypothesis } from '@faultline/model';
import type { IncidentHistory } from '../state/state.ts';

/** The probability of a pinned cause. The others share the rest in their old proportions. */
const pinnedProbability = 0.99;

/** The hypotheses with the pinned cause first. A service without a hypothesis gets one. */
export function pinHypotheses(hypotheses: readonly Hypothesis[], pin: IncidentHistory['pin']): readonly Hypothesis[] {
  if (pin === null) return hypotheses;
  const found = hypotheses.find((hypothesis) => hypothesis.cause.service === pin.service);
  const others = hypotheses.filter((hypothesis) => hypothesis !== found);
  const total = others.reduce((sum, { probability }) => sum + probability, 0);
  const share = total === 0 ? 0 : (1 - pinnedProbability) / Math.max(total, 1);
  const ranked = [
    pinned(found, pin),
    ...others.map((hypothesis) => ({ ...hypothesis, probability: hypothesis.probability * share })),
  ];
  return ranked.map((hypothesis, index) => ({ ...hypothesis, rank: index + 1 }));
}

function pinned(found: Hypothesis | undefined, pin: NonNullable<IncidentHistory['pin']>): Hypothesis {
  const kind =
    causeKinds.find((candidate) => candidate === pin.causeKind) ?? found?.cause.kind ?? ('error' as CauseKind);
  const word = {
    kind: 'pinned',
    entity: `service:${pin.service}`,
    summary: `pinned by ${pin.actor}`,
    before: '',
    during: '',
    weight: 0,
    query: '',
    source: null,
  };
  return {
    rank: 1,
    probability: pinnedProbability,
    sinceMs: found?.sinceMs ?? null,
    cause: { service: pin.service, instance: found?.cause.instance ?? '', kind },
    changeId: found?.changeId ?? null,
    path: found?.path ?? [pin.service],
    evidence: [word, ...(found?.evidence ?? [])],
    refutation: found?.refutation ?? { test: '', result: '' },
  };
}
