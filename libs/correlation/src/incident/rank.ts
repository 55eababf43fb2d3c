import type { Change, DeclaredGraph, EvidenceResult, JudgedChange, WorkloadFinding } from '@faultline/model';
import { environmentsOf, environmentsRead, mayBeIn, tellingOnes } from '../grouping/environment.ts';
import type { RankedAlert, Ranking } from '../ranking/input/ranking.ts';
import { annotateChanges } from '../release/annotate.ts';
import { type JoinedChange, joinChanges } from '../release/join.ts';
import type { CoreConfig } from '../state/config.ts';
import type { StepContext } from '../state/context.ts';
import { membersOf } from '../state/members.ts';
import { sortedValues } from '../state/sorted-values.ts';
import type { AlertState, IncidentState, ScopeState } from '../state/state.ts';
import { namesIn, possibleEntities, type QualifiedNames } from './qualified-names.ts';
import { relevantChanges } from './relevant-changes.ts';

/** Ranks an incident's causes by this evidence. Null: by alerts, changes and declared edges alone. */
export function rankIncident(step: StepContext, incident: IncidentState, result: EvidenceResult | null): Ranking {
  const { state, atMs, ranker, config } = step;
  const alerts = membersOf(state, incident.id).first(config.maxRankedAlerts);
  const environments = environmentsJudged(state, incident, result);
  const isHere = (name: string) => mayBeIn(state, environments, name);
  const names = namesIn(result);
  const joined = joinedChanges(state, incident, config.maxRankedChanges);
  const ranking = ranker.rankHypotheses({
    nowMs: atMs,
    startedAtMs: incident.startedAtMs,
    alerts: alerts.flatMap((alert) => rankedAlerts(names, alert)),
    changes: joined
      .filter((change) => isHere(change.scope.environment) && isRecent(change, incident, config))
      .flatMap((change) =>
        possibleEntities(names, change.entities, change.scope.environment).map((entities) => ({ ...change, entities })),
      ),
    ...(state.findings.size > 0 && { findings: findingsHere(state, names, isHere) }),
    declaredEdges: sortedValues(state.graphs)
      .filter(({ scope }) => isHere(scope.environment))
      .flatMap((graph) => declaredIn(names, graph)),
    answer: result,
  });
  const judged = { ...ranking, changes: eachOnce(ranking.changes) };
  return { ...judged, changes: annotateChanges(judged, joined, result) };
}

/**
 * Those of one rollout as one. Few changes are joined once for all incidents, until a change comes or goes. Of many, those are joined that may
 * concern the incident.
 */
function joinedChanges(state: ScopeState, incident: IncidentState, most: number): readonly JoinedChange[] {
  if (state.changes.size > most) return joinChanges(relevantChanges(state, incident, most));
  state.joinedChanges ??= joinChanges(sortedValues(state.changes));
  return state.joinedChanges;
}

/** By its own time: what a source reports late, as after months, was no news when the incident began. */
function isRecent(
  { startedAtMs, endedAtMs }: Change,
  incident: IncidentState,
  { changeMemoryMs }: CoreConfig,
): boolean {
  return Math.max(startedAtMs, endedAtMs ?? startedAtMs) >= incident.startedAtMs - changeMemoryMs;
}

/** Faults of workloads in the environments that are judged. */
function findingsHere(
  state: ScopeState,
  names: QualifiedNames,
  isHere: (environment: string) => boolean,
): WorkloadFinding[] {
  return sortedValues(state.findings)
    .filter(({ scope }) => isHere(scope.environment))
    .flatMap((finding) =>
      possibleEntities(names, finding.entities, finding.scope.environment).map((entities) => ({
        ...finding,
        entities,
      })),
    );
}

/** An alert that names no environment may mean the service of each: the evidence shows which of them is unhealthy. */
function rankedAlerts(names: QualifiedNames, alert: AlertState): RankedAlert[] {
  const { name, severity, startsAtMs, status, entities, environment, labels } = alert;
  return possibleEntities(names, entities, environment).map((possible) => ({
    name,
    severity,
    startsAtMs,
    status,
    entities: possible,
    labels,
  }));
}

function declaredIn(names: QualifiedNames, { edges, scope }: DeclaredGraph): DeclaredGraph['edges'] {
  return names
    .placesOf(scope.environment)
    .flatMap((place) =>
      edges.map(({ from, to }) => ({ from: names.ofService(from, place), to: names.ofService(to, place) })),
    );
}

/** A change that was judged in several environments counts by its strongest verdict. */
function eachOnce(changes: readonly JudgedChange[]): readonly JudgedChange[] {
  const strength: Readonly<Record<JudgedChange['verdict'], number>> = { suspect: 2, possible: 1, innocent: 0 };
  const best = new Map<string, JudgedChange>();
  for (const change of changes) {
    const known = best.get(change.id);
    if (known === undefined || strength[change.verdict] > strength[known.verdict]) best.set(change.id, change);
  }
  return best.size === changes.length ? changes : [...best.values()];
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
