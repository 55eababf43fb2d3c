/** What people split stays split. */
import { isSeparatedByRule } from '../state/group-keys.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, ScopeState, SplitMemory, SplitSide } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';

const maxAlertsOfSide = 200;

/** The memory of a split: alerts on both sides, and the subjects that only one side has. */
export function rememberSplit(
  id: string,
  atMs: number,
  moved: readonly AlertState[],
  kept: readonly AlertState[],
): SplitMemory {
  return { id, atMs, sides: [sideOf(moved, kept), sideOf(kept, moved)] };
}

function sideOf(alerts: readonly AlertState[], others: readonly AlertState[]): SplitSide {
  const shared = new Set(others.map((alert) => subjectOf(alert.entities).id));
  const subjects = new Set(alerts.map((alert) => subjectOf(alert.entities).id));
  return {
    alerts: alerts
      .map((alert) => alert.key)
      .sort()
      .slice(0, maxAlertsOfSide),
    entities: [...subjects].filter((subject) => subject !== '' && !shared.has(subject)).sort(),
  };
}

/** Whether a split forbids this alert to join this incident. */
export function isKeptApart(state: ScopeState, alert: AlertState, incidentId: string): boolean {
  return splitsBetween(state, alert, incidentId).length > 0;
}

/** Whether a split or a rule of people forbids a member of one incident to join the other. */
export function isAnyKeptApart(state: ScopeState, fromId: string, intoId: string): boolean {
  const { entities } = membersOf(state, intoId);
  return membersOf(state, fromId)
    .all()
    .some((alert) => isKeptApart(state, alert, intoId) || isSeparatedByRule(entities, alert));
}

/** The ids of the splits that keep this alert out of this incident, sorted. */
export function splitsBetween(state: ScopeState, alert: AlertState, incidentId: string): string[] {
  const found: string[] = [];
  for (const { id, sides } of state.splits.values()) {
    const [one, other] = sides;
    const forbids =
      (isOn(one, alert) && hasMemberOn(state, other, incidentId)) ||
      (isOn(other, alert) && hasMemberOn(state, one, incidentId));
    if (forbids) found.push(id);
  }
  return found.sort();
}

function isOn(side: SplitSide, alert: AlertState): boolean {
  return side.alerts.includes(alert.key) || side.entities.includes(subjectOf(alert.entities).id);
}

function hasMemberOn(state: ScopeState, side: SplitSide, incidentId: string): boolean {
  const { keys, entities } = membersOf(state, incidentId);
  return side.alerts.some((key) => keys.has(key)) || side.entities.some((id) => entities.has(id));
}
