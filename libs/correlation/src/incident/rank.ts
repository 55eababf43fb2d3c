/** Calls the ranking with what the incident knows. */
import type { EvidenceResult } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import { type Draft, sortedValues } from '../state/draft.ts';
import { firstMembers } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';

/** The ranking over this answer; null when there is no evidence: alerts, changes and declared edges alone then decide. */
export function rankIncident(draft: Draft, incident: IncidentState, answer: EvidenceResult | null): Ranking {
  const { state, atMs, ranker, config } = draft;
  const alerts = firstMembers(state, incident.id, config.maxRankedAlerts);
  return ranker.rankHypotheses({
    nowMs: atMs,
    startedAtMs: incident.startedAtMs,
    alerts: alerts.map(({ name, severity, startsAtMs, status, entities, labels }) => ({
      name,
      severity,
      startsAtMs,
      status,
      entities,
      labels,
    })),
    changes: sortedValues(state.changes),
    declaredEdges: sortedValues(state.graphs).flatMap((graph) => graph.edges),
    answer,
  });
}
