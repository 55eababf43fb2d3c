/** Whether open incidents name the same cause. One cause is one page. */
import type { Hypothesis } from '@faultline/model';
import { isOpen } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';
import { causeOf } from './cause.ts';
import { environmentsOf, mayMeet, tellingOnes } from './environment.ts';
import { findPath, knownGraph } from './graph.ts';
import { isContinuation } from './reason.ts';
import { isAnyKeptApart } from './split.ts';
import { viewIncident } from './view.ts';

/** The members of `from` go to `into`, the primary. */
export interface SameCause {
  readonly kind: 'same-cause';
  readonly from: readonly IncidentState[];
  readonly into: IncidentState;
  readonly cause: string;
}

/**
 * Before its page an incident merges as soon as it names the cause. Of two that have paged, both must be settled, since a first ranking
 * may be wrong. What people split stays split.
 */
export function decideSameCause(state: ScopeState, incident: IncidentState, atMs: number): SameCause | null {
  const cause = causeOf(state, incident.id);
  if (cause === null) return null;
  const { environments } = viewIncident(state, incident);
  const same = [...state.index.byCause.get(cause)]
    .flatMap((id) => state.incidents.get(id) ?? [])
    .filter((other) => other.id !== incident.id && isOpen(other) && causeOf(state, other.id) === cause)
    .filter((other) => mayMerge(state, [incident, other], atMs))
    .filter((other) => [incident, other].every((one) => mayReach(state, one, cause)))
    .filter(
      (other) =>
        mayMeet(state, environments, environmentsOf(state, other)) || haveSharedCause(state, [incident, other]),
    );
  const [primary, ...others] = [incident, ...same].sort(primaryFirst);
  if (primary === undefined || others.length === 0) return null;
  // Only this incident has fresh evidence: where another one is the primary, the others wait for theirs.
  return { kind: 'same-cause', into: primary, from: primary === incident ? others : [incident], cause };
}

/**
 * Whether a fault of the cause can have reached this incident. In a system of several faults the loudest one is the best hypothesis of every
 * incident, also of one that nothing connects with it. Without a path in the call graph it is believed only of services that are degraded, and
 * that no other suspect within reach explains. What the graph does not know may be connected.
 */
function mayReach(state: ScopeState, incident: IncidentState, cause: string): boolean {
  const graph = knownGraph(state, tellingOnes(state, environmentsOf(state, incident)));
  const services = membersOf(state, incident.id).services.filter((name) => graph.services.has(name));
  const ranking = state.evidence.get(incident.id)?.ranking;
  if (services.length === 0 || !graph.services.has(cause) || ranking === undefined) return true;
  const reaches = (service: string) =>
    findPath(graph, service, services, { maxHops: graph.services.size, allowed: () => true }) !== null;
  if (reaches(cause)) return true;
  const isDegraded = services.some((name) => ranking.disturbedServices.includes(name));
  return (
    isDegraded &&
    !ranking.hypotheses.some((one) => one.cause.service !== cause && isSupported(one) && reaches(one.cause.service))
  );
}

function isSupported({ evidence }: Hypothesis): boolean {
  return evidence.some(({ kind, weight }) => weight > 0 && kind !== 'alerts');
}

/** Two environments have services of the same names. A node, a zone or a database that both call is one. */
function haveSharedCause({ evidence }: ScopeState, pair: readonly IncidentState[]): boolean {
  return pair.every(({ id }) => evidence.get(id)?.hasSharedCause === true);
}

function mayMerge(state: ScopeState, pair: readonly [IncidentState, IncidentState], atMs: number): boolean {
  const [older, younger] = pair.toSorted(primaryFirst);
  if (older === undefined || younger === undefined) return false;
  if (younger.revision > 0 && pair.some(({ evidenceState }) => evidenceState !== 'settled')) return false;
  const { startedAtMs, lastStartMs, id } = older;
  const group = { startedAtMs, lastStartMs, firing: membersOf(state, id).firing };
  if (!isContinuation({ config: state.config, atMs }, group, younger.startedAtMs)) return false;
  return !isAnyKeptApart(state, younger.id, id);
}

/** An acknowledged incident stays, as somebody works on it; then one that was paged; then the first. */
function primaryFirst(a: IncidentState, b: IncidentState): number {
  const rank = ({ status, revision }: IncidentState): number => (status === 'acknowledged' ? 0 : revision > 0 ? 1 : 2);
  return rank(a) - rank(b) || a.detectedAtMs - b.detectedAtMs || (a.id < b.id ? -1 : 1);
}
