/** Decides, now that evidence is in, which members of a storm stay together. */
import { historyOf } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, IncidentEvidence, IncidentState, MemberReason, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { mayBeIn } from './environment.ts';
import { type Flood, floodOf, openingsLeft } from './flood.ts';
import { type Assignment, GrowingGroup, groupByReason, type SplitGroup } from './group.ts';
import { byFloodClass } from './opening-budget.ts';
import { firmReason, graphBetween, hasFaultApart, type Knowledge, knowledgeOf } from './reason.ts';

/** Services that a reason names. */
const maxServices = 3;

export interface Regrouping {
  /** Every provisional member was judged, so none is judged again. */
  readonly isWhole: boolean;
  /** Provisional members that stay: for a firm reason, or since the graph does not know them and they share a trait. */
  readonly kept: readonly Assignment[];
  /** Degraded services that are connected with the members that stay. */
  readonly related: readonly string[];
  /** The other members, by start. */
  readonly left: readonly AlertState[];
  /** Incidents of their own for those that left. */
  readonly split: readonly (SplitGroup & { readonly reason: MemberReason })[];
  /** Where those go that would open more incidents than a minute may open: a flood for each class of severity. */
  readonly floods: readonly (Flood & { readonly alerts: readonly AlertState[] })[];
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
  const { group, judged } = groupThatStays(state, incident, evidence);
  const { added, rest } = group.addWithReason(known, judged);
  return { isWhole: true, kept: added, related: group.evidence.related, ...splitOff(known, state, group, rest) };
}

/**
 * Without evidence, or before it is complete: only those leave that have a fault of their own, as the opening alert has. Neither needs
 * evidence to have a cause. Null when there are none.
 */
export function decideSeparation(state: ScopeState, incident: IncidentState, atMs: number): Regrouping | null {
  const evidence = state.evidence.get(incident.id);
  if (state.findings.size === 0 || evidence === undefined) return null;
  const known = knowledgeOf(state, atMs);
  const { group, judged } = groupThatStays(state, incident, evidence);
  const apart = judged.filter(
    (alert) => hasFaultApart(known, group, alert) && firmReason(known, group, alert) === null,
  );
  if (apart.length === 0) return null;
  return { isWhole: false, kept: [], related: evidence.related, ...splitOff(known, state, group, apart) };
}

/** The members that are not judged, and those that are: they joined for nearness in time. */
function groupThatStays(state: ScopeState, incident: IncidentState, evidence: IncidentEvidence) {
  const { pin, rejections } = historyOf(state, incident.id);
  const opening = state.alerts.get(incident.anchor);
  const group = new GrowingGroup({ opening, evidence, span: incident, pin, rejections });
  const isJudged = (alert: AlertState) => alert.provisional && alert.key !== incident.anchor;
  const members = membersOf(state, incident.id).all();
  for (const alert of members) if (!isJudged(alert)) group.add(alert);
  return { group, judged: members.filter(isJudged) };
}

/** Incidents of their own for the members that leave. */
function splitOff(
  known: Knowledge,
  state: ScopeState,
  group: GrowingGroup,
  left: readonly AlertState[],
): Pick<Regrouping, 'left' | 'split' | 'floods'> {
  const reasonOf = (opening: AlertState): MemberReason => {
    if (hasFaultApart(known, group, opening)) return { kind: 'own-fault' };
    const isInGraph = graphBetween(known, group, opening).services.has(subjectOf(opening.entities).service);
    return isInGraph || !mayBeIn(state, group.environments, opening.environment)
      ? { kind: 'no-degraded-path', services: [...group.services].sort().slice(0, maxServices) }
      : { kind: 'nothing-shared' };
  };
  const { groups, rest: beyond } = groupByReason(known, group.evidence, left, openingsLeft(state, known.atMs));
  return {
    left,
    split: groups.map((one) => ({ ...one, reason: reasonOf(one.opening) })),
    floods: byFloodClass(beyond).flatMap((alerts) => {
      const [first] = alerts;
      return first === undefined ? [] : [{ ...floodOf(state, first), alerts }];
    }),
  };
}
