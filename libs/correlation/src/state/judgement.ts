/** The ranking as people corrected it: what somebody refused is no cause. */
import type { Hypothesis } from '@faultline/model';
import { isIdentifiable } from '../ranking/identifiable.ts';
import type { Ranking } from '../ranking/input/ranking.ts';
import { historyOf } from './incident.ts';
import type { IncidentHistory, Rejection, ScopeState } from './state.ts';

export type Judgement = Pick<Ranking, 'verdict' | 'hypotheses'>;

/**
 * A refused hypothesis stands last with probability 0. The others share its probability in proportion: P(b | not a) = P(b) / (1 - P(a)). The
 * next one is the cause when it is likely enough then; otherwise the verdict is inconclusive.
 */
export function applyRejections(judgement: Judgement, { rejections }: Pick<IncidentHistory, 'rejections'>): Judgement {
  const by = new Map(rejections.map((rejection) => [rejection.service, rejection]));
  const { verdict, hypotheses } = judgement;
  if (!hypotheses.some(({ cause }) => by.has(cause.service))) return judgement;
  const kept = hypotheses.filter(({ cause }) => !by.has(cause.service));
  const share = 1 - hypotheses.reduce((sum, one) => sum + (by.has(one.cause.service) ? one.probability : 0), 0);
  const rest = kept.map((one) => ({
    ...one,
    probability: Math.min(mostProbable, one.probability / Math.max(share, 1e-9)),
  }));
  const refused = hypotheses.flatMap((one) => {
    const rejection = by.get(one.cause.service);
    return rejection === undefined ? [] : [refusedHypothesis(one, rejection)];
  });
  const ranked = [...rest, ...refused].map((one, index) => ({ ...one, rank: index + 1 }));
  const first = rest[0];
  const isStillFirst = first !== undefined && first.cause.service === hypotheses[0]?.cause.service;
  const isNamed = verdict === 'identified' && first !== undefined && (isStillFirst || isIdentifiable(first));
  return { verdict: isNamed ? 'identified' : 'inconclusive', hypotheses: ranked };
}

/** The judgement of an incident by its last evidence; null without any. */
export function judgementOf(state: ScopeState, incidentId: string): Judgement | null {
  const ranking = state.evidence.get(incidentId)?.ranking;
  return ranking === undefined ? null : applyRejections(ranking, historyOf(state, incidentId));
}

/** A refused cause leaves the others no certainty. */
const mostProbable = 0.99;
/** The log-odds of one in a hundred: as sure as a pinned cause, the other way round. */
const refusedWeight = -4.6;

function refusedHypothesis(hypothesis: Hypothesis, { service, actor }: Rejection): Hypothesis {
  const word = {
    kind: 'rejected',
    entity: `service:${service}`,
    summary: `refused by ${actor}`,
    before: '',
    during: '',
    weight: refusedWeight,
    query: '',
    source: null,
  };
  return { ...hypothesis, probability: 0, evidence: [word, ...hypothesis.evidence] };
}
