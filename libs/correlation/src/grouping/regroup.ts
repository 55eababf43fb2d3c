/** Decides, now that evidence is in, which members of a storm stay together. */
import { historyOf } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, IncidentState, MemberReason, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { mayBeIn } from './environment.ts';
import { type Flood, floodOf, openingsLeft } from './flood.ts';
import { type Assignment, GrowingGroup, groupByReason, type SplitGroup } from './group.ts';
import { byFloodClass } from './opening-budget.ts';
import { graphBetween, knowledgeOf } from './reason.ts';

/** Services that a reason names. */
const maxServices = 3;

export interface Regrouping {
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
  const { pin, rejections } = historyOf(state, incident.id);
  const members = membersOf(state, incident.id).all();
  const group = new GrowingGroup({
    opening: state.alerts.get(incident.anchor),
    evidence,
    span: incident,
    pin,
    rejections,
  });
  const isJudged = (alert: AlertState) => alert.provisional && alert.key !== incident.anchor;
  for (const alert of members) if (!isJudged(alert)) group.add(alert);
  const { added, rest } = group.addWithReason(known, members.filter(isJudged));
  const reasonOf = (opening: AlertState): MemberReason => {
    const isInGraph = graphBetween(known, group, opening).services.has(subjectOf(opening.entities).service);
    return isInGraph || !mayBeIn(state, group.environments, opening.environment)
      ? { kind: 'no-degraded-path', services: [...group.services].sort().slice(0, maxServices) }
      : { kind: 'nothing-shared' };
  };
  const { groups, rest: beyond } = groupByReason(known, evidence, rest, openingsLeft(state, atMs));
  return {
    kept: added,
    related: group.evidence.related,
    left: rest,
    split: groups.map((one) => ({ ...one, reason: reasonOf(one.opening) })),
    floods: byFloodClass(beyond).flatMap((alerts) => {
      const [first] = alerts;
      return first === undefined ? [] : [{ ...floodOf(state, first), alerts }];
    }),
  };
}
