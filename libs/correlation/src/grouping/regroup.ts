/** Decides, now that evidence is in, which members of a storm stay together. */
import { historyOf } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, FirmReason, IncidentState, ScopeState, StormReason } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { mayBeIn } from './environment.ts';
import { GrowingGroup, groupByReason, type SplitGroup } from './group.ts';
import { graphBetween, knowledgeOf } from './reason.ts';

interface StayingMember {
  readonly alert: AlertState;
  readonly reason: FirmReason | StormReason;
}
const noTelemetry: StormReason = { kind: 'storm-no-telemetry' };

export interface Regrouping {
  /** Provisional members that stay: for a firm reason, or since the graph does not know what they are about and nothing tells them apart. */
  readonly kept: readonly StayingMember[];
  /** Degraded services that are connected with the members that stay. */
  readonly related: readonly string[];
  /** Services of the members that stay, sorted. */
  readonly services: readonly string[];
  /** The other members, by start. */
  readonly left: readonly AlertState[];
  /** Incidents of their own for those that left. */
  readonly split: readonly SplitGroup[];
}

/** Traces may never settle; after this many results the grouping is decided anyway. */
const maxRounds = 3;

/**
 * Keeps the provisional members that have a firm reason to be with the opening alert. The first of the others opens an incident and
 * takes those with a firm reason to be with it; the rest does the same again. All are judged by the incident's own evidence.
 * Null when it is too early, or was done before. `settled`: all traces of the evidence are complete.
 */
export function decideRegrouping(
  state: ScopeState,
  incident: IncidentState,
  { settled, atMs }: { readonly settled: boolean; readonly atMs: number },
): Regrouping | null {
  const evidence = state.evidence.get(incident.id);
  if (
    incident.regrouped ||
    evidence === undefined ||
    !(settled || incident.rounds - incident.unreadRounds >= maxRounds)
  )
    return null;
  const known = knowledgeOf(state, atMs);
  const { pin } = historyOf(state, incident.id);
  const members = membersOf(state, incident.id).all();
  const group = new GrowingGroup({ opening: state.alerts.get(incident.anchor), evidence, span: incident, pin });
  const isJudged = (alert: AlertState) => alert.provisional && alert.key !== incident.anchor;
  for (const alert of members) if (!isJudged(alert)) group.add(alert);
  const { added, rest } = group.addWithReason(known, members.filter(isJudged));
  // What is in another environment leaves, whether the graph knows it or not.
  const isInGraph = (alert: AlertState) =>
    graphBetween(known, group, alert).services.has(subjectOf(alert.entities).service) ||
    !mayBeIn(state, group.environments, alert.environment);
  const [left, unknown] = [rest.filter(isInGraph), rest.filter((alert) => !isInGraph(alert))];
  for (const alert of unknown) group.add(alert);
  return {
    kept: [...added, ...unknown.map((alert) => ({ alert, reason: noTelemetry }))],
    related: group.evidence.related,
    services: [...group.services].sort(),
    left,
    split: groupByReason(known, evidence, left),
  };
}
