/** What people once took apart is not put together again. */

import { subjectOf } from '../alert/subject.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, ScopeState, SplitMemory, SplitSide } from '../state/state.ts';

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
  const shared = new Set(others.map((alert) => subjectOf(alert.entities)));
  const subjects = new Set(alerts.map((alert) => subjectOf(alert.entities)));
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
  for (const { sides } of state.splits.values())
    for (const [mine, other] of [sides, [sides[1], sides[0]] as const])
      if (isOn(mine, alert) && hasMemberOn(state, other, incidentId)) return true;
  return false;
}

function isOn(side: SplitSide, alert: AlertState): boolean {
  return side.alerts.includes(alert.key) || side.entities.includes(subjectOf(alert.entities));
}

function hasMemberOn(state: ScopeState, side: SplitSide, incidentId: string): boolean {
  const { keys, entities } = membersOf(state, incidentId);
  return side.alerts.some((key) => keys.has(key)) || side.entities.some((id) => entities.has(id));
}
