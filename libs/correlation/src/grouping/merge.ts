/** Decides whether fresh evidence makes two incidents one. One cause is one page. */
import { causeOf, identifiedCause, isOpen } from '../state/incident.ts';
import { membersOf, sortedMembers } from '../state/members.ts';
import type { FirmReason, IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';
import { candidateIds } from './candidate.ts';
import { knownGraph } from './graph.ts';
import { firmReason, isContinuation, type Knowledge } from './reason.ts';
import { isKeptApart } from './split.ts';
import { viewAlert, viewIncident } from './view.ts';

export type Merge =
  /** Evidence connects the opening alert of an incident without a page to an incident that has one. */
  | {
      readonly kind: 'connected';
      readonly from: IncidentState;
      readonly into: IncidentState;
      readonly alertName: string;
      readonly reason: FirmReason;
    }
  /** Open incidents that name the same cause. `into` is the primary. */
  | {
      readonly kind: 'same-cause';
      readonly from: readonly IncidentState[];
      readonly into: IncidentState;
      readonly cause: string;
    };

/** How the incident whose evidence just came in is merged; null when it stays by itself. */
export function decideMerge(state: ScopeState, incident: IncidentState, atMs: number): Merge | null {
  return decideConnected(state, incident, atMs) ?? decideSameCause(state, incident, atMs);
}

/** Before the first page: the members go to an incident that has one, and no second page is sent. */
function decideConnected(state: ScopeState, incident: IncidentState, atMs: number): Merge | null {
  const opening = state.alerts.get(incident.anchor);
  if (incident.revision > 0 || incident.detached || opening === undefined) return null;
  const known: Knowledge = { config: state.config, changes: state.changes, graph: knownGraph(state), atMs };
  const alert = viewAlert(opening);
  // The fresh evidence may show a shared change to incidents that have no evidence of their own.
  const ids = new Set([...candidateIds(state, alert, known.graph), ...state.index.unanswered]);
  const others = [...ids]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && other.revision > 0 && isOpen(other))
    .filter((other) => !isKeptApart(state, opening, other.id))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  const fresh = state.evidence.get(incident.id);
  for (const into of others) {
    const reason = firmReason(known, viewWithFresh(state, into, fresh), alert);
    if (reason !== null) return { kind: 'connected', from: incident, into, alertName: opening.name, reason };
  }
  return null;
}

/** The older incident as it would be judged if it also knew what the fresh evidence calls degraded. */
function viewWithFresh(state: ScopeState, older: IncidentState, fresh: IncidentEvidence | undefined) {
  const own = state.evidence.get(older.id);
  if (fresh === undefined) return viewIncident(state, older);
  const names = [...fresh.ranking.disturbedServices, ...(own?.ranking.disturbedServices ?? [])];
  const base = own ?? fresh;
  const ranking = { ...base.ranking, disturbedServices: [...new Set(names)].sort() };
  const pin = state.histories.get(older.id)?.pin;
  return viewIncident(state, older, { ...base, related: own?.related ?? [], ranking }, identifiedCause(ranking, pin));
}

/**
 * Before its page an incident merges as soon as it names the cause. Of two that have paged, both must be settled, since a first ranking
 * may be wrong. What people split stays split.
 */
function decideSameCause(state: ScopeState, incident: IncidentState, atMs: number): Merge | null {
  const cause = causeOf(state, incident.id);
  if (cause === null) return null;
  const same = [...state.index.byCause.get(cause)]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && isMergeable(state, [incident, other], cause, atMs));
  const [primary, ...others] = [incident, ...same].sort(primaryFirst);
  if (primary === undefined || others.length === 0) return null;
  // Only this incident has fresh evidence: where another one is the primary, the others wait for theirs.
  return { kind: 'same-cause', into: primary, from: primary === incident ? others : [incident], cause };
}

function isMergeable(
  state: ScopeState,
  [one, other]: readonly [IncidentState, IncidentState],
  cause: string,
  atMs: number,
): boolean {
  if (!isOpen(other) || causeOf(state, other.id) !== cause) return false;
  const [older, younger] = primaryFirst(one, other) <= 0 ? [one, other] : [other, one];
  const isSettled = [older, younger].every(({ evidenceState }) => evidenceState === 'settled');
  if (younger.revision > 0 && !isSettled) return false;
  const group = { ...older, firing: membersOf(state, older.id).firing };
  if (!isContinuation({ config: state.config, atMs }, group, younger.startedAtMs)) return false;
  return !sortedMembers(state, younger.id).some((alert) => isKeptApart(state, alert, older.id));
}

/** An acknowledged incident stays, as somebody works on it; then one that was paged; then the first. */
function primaryFirst(a: IncidentState, b: IncidentState): number {
  const rank = ({ status, revision }: IncidentState): number => (status === 'acknowledged' ? 0 : revision > 0 ? 1 : 2);
  return rank(a) - rank(b) || a.detectedAtMs - b.detectedAtMs || (a.id < b.id ? -1 : 1);
}
