import type { EvidenceResult } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { StepContext } from '../state/context.ts';
import { membersOf } from '../state/members.ts';
import { sortedValues } from '../state/sorted-values.ts';
import type { IncidentState } from '../state/state.ts';

/** Ranks an incident's causes by this evidence. Null: by alerts, changes and declared edges alone. */
export function rankIncident(step: StepContext, incident: IncidentState, result: EvidenceResult | null): Ranking {
  const { state, atMs, ranker, config } = step;
  const alerts = membersOf(state, incident.id).first(config.maxRankedAlerts);
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
    answer: result,
  });
}
