import type { Change, EvidenceResult } from '@faultline/model';
import { environmentsOf, environmentsRead, mayBeIn, tellingOnes } from '../grouping/environment.ts';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { StepContext } from '../state/context.ts';
import { membersOf } from '../state/members.ts';
import { sortedValues } from '../state/sorted-values.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { namesIn } from './qualified-names.ts';

/** Ranks an incident's causes by this evidence. Null: by alerts, changes and declared edges alone. */
export function rankIncident(step: StepContext, incident: IncidentState, result: EvidenceResult | null): Ranking {
  const { state, atMs, ranker, config } = step;
  const alerts = membersOf(state, incident.id).first(config.maxRankedAlerts);
  const environments = environmentsJudged(state, incident, result);
  const isHere = (name: string) => mayBeIn(state, environments, name);
  const names = namesIn(result);
  return ranker.rankHypotheses({
    nowMs: atMs,
    startedAtMs: incident.startedAtMs,
    alerts: alerts.map(({ name, severity, startsAtMs, status, entities, environment, labels }) => ({
      name,
      severity,
      startsAtMs,
      status,
      entities: names.ofEntities(entities, environment),
      labels,
    })),
    changes: sortedValues(state.changes)
      .filter(({ scope }) => isHere(scope.environment))
      .map((change): Change => ({ ...change, entities: names.ofEntities(change.entities, change.scope.environment) })),
    declaredEdges: sortedValues(state.graphs)
      .filter(({ scope }) => isHere(scope.environment))
      .flatMap(({ edges, scope: { environment } }) =>
        edges.map(({ from, to }) => ({
          from: names.ofService(from, environment),
          to: names.ofService(to, environment),
        })),
      ),
    answer: result,
  });
}

/** Where a change must have been made to matter: in what the evidence was read from, or in what the members name. */
function environmentsJudged(
  state: ScopeState,
  incident: IncidentState,
  result: EvidenceResult | null,
): readonly string[] {
  const read = result === null ? [] : tellingOnes(state, environmentsRead(result));
  return [...new Set([...environmentsOf(state, incident), ...read])].sort();
}
