/** Before its first page: whether the fresh evidence connects an incident with one that has a page already. */
import { isOpen } from '../state/incident.ts';
import type { AlertState, FirmReason, IncidentState, ScopeState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { firmReason, type Knowledge, knowledgeOf } from './reason.ts';
import { isAnyKeptApart, isKeptApart } from './split.ts';
import { type GroupView, viewWithFresh } from './view.ts';

/** The members of `from` go to `into`, for a reason that its opening alert has. */
export interface Connected {
  readonly kind: 'connected';
  readonly from: IncidentState;
  readonly into: IncidentState;
  readonly alertName: string;
  readonly reason: FirmReason;
}

export function decideConnected(state: ScopeState, incident: IncidentState, atMs: number): Connected | null {
  const opening = state.alerts.get(incident.anchor);
  const fresh = state.evidence.get(incident.id);
  if (incident.revision > 0 || incident.detached || opening === undefined || fresh === undefined) return null;
  const known = knowledgeOf(state, atMs);
  // The fresh evidence may show a shared change to incidents that have no evidence of their own.
  const ids = new Set([...candidateIds(state, opening, known.graphOf([])), ...state.index.unanswered]);
  const others = [...ids]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && other.revision > 0 && isOpen(other) && other.isFlood !== true)
    .filter((other) => !isKeptApart(state, opening, other.id))
    .filter((other) => state.config.groups.length === 0 || !isAnyKeptApart(state, incident.id, other.id))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  for (const into of others) {
    const view = viewWithFresh(state, into, fresh);
    const connected = connectionOf(known, { from: incident, into, opening, view });
    if (connected !== null) return connected;
  }
  return null;
}

/** Null when the opening alert of `from` has no firm reason to be in `into`, as `view` sees that one. */
export function connectionOf(
  known: Knowledge,
  {
    from,
    into,
    opening,
    view,
  }: Pick<Connected, 'from' | 'into'> & { readonly opening: AlertState; readonly view: GroupView },
): Connected | null {
  const reason = firmReason(known, view, opening);
  return reason === null ? null : { kind: 'connected', from, into, alertName: opening.name, reason };
}
