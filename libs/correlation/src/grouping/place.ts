/** Where a firing alert belongs: an open incident, one that ended within the hour, or a new one. */
import { reopenIncident } from '../incident/life.ts';
import { joinIncident } from '../incident/member.ts';
import { openIncident } from '../incident/open.ts';
import type { Draft } from '../state/draft.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { knownGraph } from './graph.ts';
import { judgeReason, type Reason } from './reason.ts';
import { isKeptApart } from './split-memory.ts';

/** Puts the alert where it belongs. */
export function placeAlert(draft: Draft, alert: AlertState): void {
  const found = decideIncident(draft, alert);
  if (found === null) {
    openIncident(draft, { alert, reason: 'opened the incident', detached: false });
    return;
  }
  joinIncident(draft, alert, found.incident, found.reason);
  if (found.incident.status === 'resolved') reopenIncident(draft, found.incident, found.reason.text);
}

interface Found {
  readonly incident: IncidentState;
  readonly reason: Reason;
}

/** The incident with the strongest reason; the oldest of equals, then the smallest id. */
function decideIncident({ state, atMs }: Draft, alert: AlertState): Found | null {
  const graph = knownGraph(state);
  let best: Found | null = null;
  for (const incident of state.incidents.values()) {
    if (isKeptApart(state, alert, incident.id)) continue;
    const reason = judgeReason({ state, incident, alert, graph, atMs });
    if (reason !== null && (best === null || isBetter({ incident, reason }, best))) best = { incident, reason };
  }
  return best;
}

function isBetter(a: Found, b: Found): boolean {
  const byStrength = a.reason.strength - b.reason.strength;
  const byAge = a.incident.startedAtMs - b.incident.startedAtMs;
  return (byStrength || byAge || (a.incident.id < b.incident.id ? -1 : 1)) < 0;
}
