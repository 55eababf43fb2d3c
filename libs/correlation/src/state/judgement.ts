/** The ranking as people corrected it: what somebody refused is no cause. */
import type { Hypothesis, IncidentGraph, JudgedChange, NodeRole } from '@faultline/model';
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

/**
 * Roles and changes after rejections. A refused service is no cause any more, and what was changed for it is no suspect. Both stay as they
 * are without a rejection.
 */
export function withoutRefused(
  { graph, changes }: Pick<Ranking, 'graph' | 'changes'>,
  judged: Judgement,
  { rejections }: Pick<IncidentHistory, 'rejections'>,
  alerting: ReadonlySet<string>,
): Pick<Ranking, 'graph' | 'changes'> {
  if (rejections.length === 0) return { graph, changes };
  const by = new Map(rejections.map((rejection) => [rejection.service, rejection]));
  const cause = judged.verdict === 'identified' ? judged.hypotheses[0] : undefined;
  const blamedFor = new Map(
    judged.hypotheses.flatMap((one) => {
      const rejection = by.get(one.cause.service);
      return one.changeId === null || rejection === undefined ? [] : [[one.changeId, rejection]];
    }),
  );
  const roleOf = ({ service, role }: IncidentGraph['nodes'][number]): NodeRole => {
    if (service === cause?.cause.service) return 'cause';
    if (role !== 'cause') return role;
    return alerting.has(service) ? 'symptom' : 'affected';
  };
  return {
    graph: { ...graph, nodes: graph.nodes.map((node) => ({ ...node, role: roleOf(node) })) },
    changes: changes.map((change) => {
      const refused = blamedFor.get(change.id) ?? by.get(serviceOf(change));
      if (change.verdict !== 'suspect' || refused === undefined || change.id === cause?.changeId) return change;
      return {
        ...change,
        verdict: 'possible',
        reason: `${refused.actor} says that ${refused.service} is not the cause`,
      };
    }),
  };
}

function serviceOf({ entity }: JudgedChange): string {
  return entity.slice(entity.indexOf(':') + 1);
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
