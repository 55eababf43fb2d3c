/** One cause is one page: open incidents that name the same one are one incident. */
import { isOpen, resolveIncident, tell } from '../incident/life.ts';
import type { Draft } from '../state/draft.ts';
import { namedCause } from '../state/evidence.ts';
import { membersOf, sortedMembers } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { goesOnAt } from './reason.ts';
import { moveMembers } from './regroup.ts';
import { isKeptApart } from './split-memory.ts';

/**
 * Merges this incident with those that name the same cause. Before its page it goes as soon as it names it; of two that have paged both have
 * to be settled, since a first ranking may be wrong. Returns whether it went into another. What people split stays so.
 */
export function joinSameCause(draft: Draft, incident: IncidentState): boolean {
  const cause = namedCause(draft.state, incident.id);
  if (cause === null) return false;
  const same = [...draft.state.index.byCause.get(cause)]
    .flatMap((id) => draft.state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && isSame(draft, incident, other, cause));
  const [keeper, ...others] = [incident, ...same].sort(keeperFirst);
  if (keeper === undefined || others.length === 0) return false;
  if (keeper !== incident) mergeInto(draft, incident, keeper, cause);
  else for (const other of others) mergeInto(draft, other, incident, cause);
  return keeper !== incident;
}

function isSame({ state, atMs }: Draft, one: IncidentState, other: IncidentState, cause: string): boolean {
  if (!isOpen(other) || namedCause(state, other.id) !== cause) return false;
  const [older, younger] = [one, other].sort(keeperFirst) as [IncidentState, IncidentState];
  const isSure = younger.revision === 0 || [older, younger].every((each) => each.evidenceState === 'settled');
  if (!isSure || !goesOnAt(state, older, { startsAtMs: younger.startedAtMs, atMs })) return false;
  return !sortedMembers(state, younger.id).some((alert) => isKeptApart(state, alert, older.id));
}

/** The page that somebody works on stays; then one that was sent; then the first. */
function keeperFirst(a: IncidentState, b: IncidentState): number {
  const rank = ({ status, revision }: IncidentState): number => (status === 'acknowledged' ? 0 : revision > 0 ? 1 : 2);
  return rank(a) - rank(b) || a.detectedAtMs - b.detectedAtMs || (a.id < b.id ? -1 : 1);
}

function mergeInto(draft: Draft, from: IncidentState, to: IncidentState, cause: string): void {
  const count = membersOf(draft.state, from.id).keys.size;
  const wasPublished = from.revision > 0;
  moveMembers(draft, from, to, `same cause: ${cause}`);
  const alerts = count === 1 ? 'an alert' : `${count} alerts`;
  tell(draft, to, 'status', `${alerts} of an incident with the same cause, ${cause}, came in`);
  if (!wasPublished) return;
  from.mergedInto = to.id;
  const resolution = `merged into ${to.id}`;
  resolveIncident(draft, from, { why: `${resolution}: same cause, ${cause}`, resolution });
}
