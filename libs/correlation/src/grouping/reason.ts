/** The reasons why an alert belongs to an incident, strongest first. Pure: a reason is a kind with its facts. */
import type { Change } from '@faultline/model';
import type { CoreConfig } from '../state/config.ts';
import { isSeparatedByRule, sharedRule } from '../state/group-keys.ts';
import { isOpen } from '../state/incident.ts';
import type {
  AlertState,
  CallGraph,
  CallPath,
  FirmReason,
  ReopenReason,
  ScopeState,
  StormReason,
  TraitReason,
} from '../state/state.ts';
import { type Subject, subjectOf } from '../state/subject.ts';
import { sharedTrait } from '../state/traits.ts';
import { type EnvironmentNames, mayBeIn, tellingOnes } from './environment.ts';
import { descend, findPath, knownGraph } from './graph.ts';
import { areUnrelated, type OwnFault, ownFaultsOf } from './own-fault.ts';
import type { GroupView, IncidentView } from './view.ts';

/** Smaller is stronger. Equal ones are told apart by the age and the id of the incident. */
const strengths: Readonly<Record<JoinReason['kind'], number>> = {
  'group-rule': -1,
  'same-entity': 0,
  'likely-cause': 1,
  'degraded-service': 2,
  'degraded-path': 3,
  'same-node': 4,
  'about-failure-domain': 4,
  'in-failure-domain': 4,
  'same-change': 5,
  'fires-again': 6,
  'recent-cause': 6,
  'recent-entity': 6,
  'same-trait': 7,
  'storm-no-telemetry': 8,
  'storm-awaiting-graph': 8,
  'storm-awaiting-evidence': 8,
  'storm-suspects-cause': 8,
};
const traitStrength = strengths['same-trait'];

export type JoinReason = FirmReason | ReopenReason | TraitReason | StormReason;

export function strengthOf(reason: JoinReason): number {
  return strengths[reason.kind];
}

/** Whether a reason rests on nearness in time, and on a trait at most. Before evidence is in, such a member is judged again when it is. */
export function isProvisional(reason: JoinReason): boolean {
  return strengths[reason.kind] >= traitStrength;
}

/** What reasons rest on beside the alert and the incident. */
export interface Knowledge {
  readonly config: CoreConfig;
  readonly changes: ScopeState['changes'];
  /** The call graph of these environments; of all when there are none. */
  readonly graphOf: (environments: readonly string[]) => CallGraph;
  readonly environments: EnvironmentNames;
  readonly ownFaultsOf: (alert: AlertState) => readonly OwnFault[];
  readonly atMs: number;
}

/** What the state knows now. */
export function knowledgeOf(state: ScopeState, atMs: number): Knowledge {
  const { config, changes } = state;
  const graphOf = (environments: readonly string[]) => knownGraph(state, environments);
  const ownFaults = (alert: AlertState) => ownFaultsOf(state, alert);
  return { config, changes, graphOf, environments: state, ownFaultsOf: ownFaults, atMs };
}

/** The call graph in which an alert and a group may be connected: that of the environment that either of them names. */
export function graphBetween(
  { graphOf, environments }: Pick<Knowledge, 'graphOf' | 'environments'>,
  group: Pick<GroupView, 'environments'>,
  alert: Pick<AlertState, 'environment'>,
): CallGraph {
  const own = tellingOnes(environments, group.environments);
  return graphOf(own.length > 0 ? own : tellingOnes(environments, [alert.environment]));
}

function mayShareEnvironment({ environments }: Knowledge, group: GroupView, alert: AlertState): boolean {
  return mayBeIn(environments, group.environments, alert.environment);
}

/** The strongest reason for this alert to be in this incident; null when there is none. Every reason needs nearness in event time. */
export function joinReason(known: Knowledge, view: IncidentView, alert: AlertState): JoinReason | null {
  if (isSeparatedByRule(view.entities, alert)) return null;
  if (isOpen(view.incident)) return firmReason(known, view, alert) ?? stormReason(known, view, alert);
  return mayShareEnvironment(known, view, alert) ? reopenReason(known, view, alert) : null;
}

/** The strongest reason that rests on more than nearness in time. */
export function firmReason(known: Knowledge, group: GroupView, alert: AlertState): FirmReason | null {
  if (isSeparatedByRule(group.entities, alert)) return null;
  const rule = sharedRule(group.entities, alert);
  if (rule !== null && isContinuation(known, group, alert.startsAtMs)) return { kind: 'group-rule', rule };
  const isNearby = isNear(group, alert, known.config.joinGapMs);
  if (!mayShareEnvironment(known, group, alert)) return isNearby ? reasonAcross(group, alert) : null;
  const entity = isContinuation(known, group, alert.startsAtMs) ? sharedEntity(group, alert) : undefined;
  if (entity !== undefined) return { kind: 'same-entity', entity };
  return isNearby ? evidenceReason(known, group, alert) : null;
}

/** Why alerts of two environments may be one incident: somebody complains about a node, zone or cluster that both run on. */
function reasonAcross(group: GroupView, alert: AlertState): FirmReason | null {
  const { node } = alert.entities;
  const ids = node === undefined ? [] : [`node:${node}`];
  const isAbout = ids.some(
    (id) => group.subjects.has(id) || (subjectOf(alert.entities).id === id && group.entities.has(id)),
  );
  if (isAbout && node !== undefined) return { kind: 'same-node', node };
  const shared = sharedFailureDomain(group, alert);
  return shared?.kind === 'same-node' ? null : shared;
}

/** Kinds that name one thing, so that sharing it is reason enough. A shared node is weaker; a zone counts only as the subject. */
const ownKinds = /^(service|workload|pod|database|topic):/;

/** Whether an entity, `kind:name`, is one thing, so that sharing it is reason enough. */
export function isOwnKind(id: string): boolean {
  return ownKinds.test(id);
}

function sharedEntity({ entities }: GroupView, alert: AlertState): string | undefined {
  return subjectOf(alert.entities).entityIds.find((id) => ownKinds.test(id) && entities.has(id));
}

/**
 * Whether something that started then may belong to this group. While a member fires the group goes on, so the gap counts from now; but not
 * longer than evidence reaches back. A rule that has fired for days must not take in a fault that begins today.
 */
export function isContinuation(
  { config, atMs }: Pick<Knowledge, 'config' | 'atMs'>,
  { startedAtMs, lastStartMs, firing }: Pick<GroupView, 'startedAtMs' | 'lastStartMs' | 'firing'>,
  startsAtMs: number,
): boolean {
  const goesOn = firing > 0 && atMs - lastStartMs <= config.maxLookbackMs;
  const lastMs = goesOn ? Math.max(lastStartMs, atMs) : lastStartMs;
  return startsAtMs >= startedAtMs - config.joinGapMs && startsAtMs <= lastMs + config.joinGapMs;
}

function isNear({ startedAtMs, lastStartMs }: GroupView, { startsAtMs }: AlertState, gapMs: number): boolean {
  return startsAtMs >= startedAtMs - gapMs && startsAtMs <= lastStartMs + gapMs;
}

function evidenceReason(known: Knowledge, group: GroupView, alert: AlertState): FirmReason | null {
  const { cause, pinned, evidence } = group;
  const { service, name } = subjectOf(alert.entities);
  if (pinned !== null && pinned === name) return { kind: 'likely-cause', service: pinned };
  if (hasFaultApart(known, group, alert)) return pathReason(known, { ...partsOf(group), cause: null }, alert);
  if (cause !== null && cause === name) return { kind: 'likely-cause', service: cause };
  if (evidence?.related.includes(service) === true) return { kind: 'degraded-service', service };
  return pathReason(known, group, alert) ?? sharedFailureDomain(group, alert) ?? sameChange(known, group, alert);
}

type PathEnds = Pick<GroupView, 'services' | 'environments' | 'evidence' | 'cause'>;

function partsOf({ services, environments, evidence, cause }: GroupView): PathEnds {
  return { services, environments, evidence, cause };
}

/**
 * Whether the alert and the opening one each have a fault in their own workload, and nothing connects the two. A ranking that knows both then
 * blames one of them, and that says nothing of the other.
 */
export function hasFaultApart(known: Knowledge, group: GroupView, alert: AlertState): boolean {
  const { opening, entities } = group;
  if (opening === undefined || opening.key === alert.key) return false;
  const own = known.ownFaultsOf(alert);
  const first = own.length === 0 ? [] : known.ownFaultsOf(opening);
  if (first.length === 0 || !areUnrelated(own, first)) return false;
  const { node } = alert.entities;
  if ((node !== undefined && entities.has(`node:${node}`)) || sharedEntity(group, alert) !== undefined) return false;
  const namesOf = (faults: readonly OwnFault[]) => faults.flatMap(({ services }) => services);
  const ends = [...group.services, ...namesOf(first)];
  return !isCalled(
    graphBetween(known, group, alert),
    [subjectOf(alert.entities).service, ...namesOf(own)],
    ends,
    known,
  );
}

/** Whether calls lead from one side to the other. */
function isCalled(
  graph: CallGraph,
  names: readonly string[],
  others: readonly string[],
  { config: { maxHops } }: Knowledge,
): boolean {
  const limits = { maxHops, allowed: () => true };
  const [down, up] = [descend(graph, names, limits), descend(graph, others, limits)];
  return others.some((name) => name !== '' && down.has(name)) || names.some((name) => name !== '' && up.has(name));
}

function pathReason(known: Knowledge, group: PathEnds, alert: AlertState): FirmReason | null {
  const path = degradedPath(known, group, alert);
  return path === null ? null : { kind: 'degraded-path', path };
}

/**
 * Both ends alert, so neighbours need no more; everything between them must be degraded itself. The identified cause is an end as well,
 * whether it alerts or not.
 */
function degradedPath(known: Knowledge, group: PathEnds, alert: AlertState): CallPath | null {
  const { service } = subjectOf(alert.entities);
  const graph = graphBetween(known, group, alert);
  if (!graph.services.has(service) || group.evidence === undefined) return null;
  const ends = [...group.services, ...(group.cause === null ? [] : [group.cause])];
  const degraded = new Set([...group.evidence.ranking.disturbedServices, ...ends, service]);
  return findPath(graph, service, ends, { maxHops: known.config.maxHops, allowed: (name) => degraded.has(name) });
}

/** The zone or cluster, `kind:name`, that the opening alert is about; empty when it is about something else. */
export function openingDomainOf({ opening }: Pick<GroupView, 'opening'>): string {
  return opening === undefined ? '' : subjectOf(opening.entities).failureDomain;
}

function sharedFailureDomain(group: GroupView, alert: AlertState): FirmReason | null {
  const { entities } = group;
  const openingDomain = openingDomainOf(group);
  const { node } = alert.entities;
  const { failureDomain, entityIds } = subjectOf(alert.entities);
  if (node !== undefined && entities.has(`node:${node}`)) return { kind: 'same-node', node };
  if (failureDomain !== '' && entities.has(failureDomain))
    return { kind: 'about-failure-domain', entity: failureDomain };
  return openingDomain !== '' && entityIds.includes(openingDomain)
    ? { kind: 'in-failure-domain', entity: openingDomain }
    : null;
}

function sameChange(known: Knowledge, { evidence }: GroupView, alert: AlertState): FirmReason | null {
  const subject = subjectOf(alert.entities);
  const suspects = evidence?.ranking.changes.filter(({ verdict }) => verdict === 'suspect') ?? [];
  const shared = suspects.find(({ id }) => concernsChange(known.changes.get(id), subject));
  return shared === undefined ? null : { kind: 'same-change', changeId: shared.id, summary: shared.summary };
}

/** Whether a change was made to something that an alert is about. False for an unknown change. */
export function concernsChange(change: Change | undefined, { entityIds }: Pick<Subject, 'entityIds'>): boolean {
  if (change === undefined) return false;
  const changed = new Set(subjectOf(change.entities).entityIds);
  return entityIds.some((id) => (ownKinds.test(id) || id.startsWith('node:')) && changed.has(id));
}

/**
 * Before evidence is in, alerts of one storm are held together, unless the known graph has no path between them. Afterwards an alert that the
 * graph does not know needs a trait that it shares: the minute alone connects nothing. An alert that names nothing shares not even that.
 */
function stormReason(known: Knowledge, view: IncidentView, alert: AlertState): StormReason | TraitReason | null {
  const { config, atMs } = known;
  const { detached, detectedAtMs, regrouped } = view.incident;
  if (regrouped) return atMs > detectedAtMs + config.stormGapMs ? null : traitReason(known, view, alert);
  if (detached || atMs > detectedAtMs + config.stormHoldMs || !isNear(view, alert, config.stormGapMs)) return null;
  if (!mayShareEnvironment(known, view, alert) || !namesAnything(alert) || !view.namesAnything) return null;
  const { service } = subjectOf(alert.entities);
  const graph = graphBetween(known, view, alert);
  const members = view.servicesIn(graph.services);
  if (!graph.services.has(service) || members.length === 0)
    return hasFaultApart(known, view, alert) ? null : { kind: 'storm-awaiting-graph' };
  const path = findPath(graph, service, members, { maxHops: config.maxHops, allowed: () => true });
  return path === null ? null : { kind: 'storm-awaiting-evidence', path };
}

/** What an alert of which no telemetry tells shares with alerts that began at the same time; null when that is nothing. */
export function traitReason(known: Knowledge, group: GroupView, alert: AlertState): TraitReason | null {
  if (!isNear(group, alert, known.config.stormGapMs) || !namesAnything(alert)) return null;
  if (isSeparatedByRule(group.entities, alert)) return null;
  if (!mayShareEnvironment(known, group, alert)) return null;
  const { services } = graphBetween(known, group, alert);
  if (services.has(subjectOf(alert.entities).service)) return null;
  const shared = sharedTrait(group.entities, alert);
  // Telemetry tells what an incident is about. That the same rule fires elsewhere says nothing of it.
  const isTold = shared?.trait === 'rule' && [...group.services].some((name) => services.has(name));
  return shared === null || isTold || hasFaultApart(known, group, alert) ? null : { kind: 'same-trait', ...shared };
}

function namesAnything({ entities }: Pick<AlertState, 'entities'>): boolean {
  return subjectOf(entities).id !== '';
}

/** The same cause soon after the end: the incident was not over. */
function reopenReason({ config, atMs }: Knowledge, view: IncidentView, alert: AlertState): ReopenReason | null {
  const { id, resolvedAtMs, mergedInto } = view.incident;
  if (resolvedAtMs === null || mergedInto !== null || atMs > resolvedAtMs + config.reopenMs) return null;
  if (alert.incidentId === id) return { kind: 'fires-again' };
  const { cause } = view;
  if (cause !== null && cause === subjectOf(alert.entities).name) return { kind: 'recent-cause', service: cause };
  const entity = sharedEntity(view, alert);
  return entity === undefined ? null : { kind: 'recent-entity', entity };
}
