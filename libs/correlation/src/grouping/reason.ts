/** The reasons why an alert belongs to an incident, strongest first. Pure: a reason is a kind with its facts. */
import type { CoreConfig } from '../state/config.ts';
import { isOpen } from '../state/incident.ts';
import type { CallGraph, FirmReason, ReopenReason, ScopeState, StormReason } from '../state/state.ts';
import { entityIds } from '../state/subject.ts';
import { findPath } from './graph.ts';
import type { AlertView, GroupView, IncidentView } from './view.ts';

/** Smaller is stronger. Equal ones are told apart by the age and the id of the incident. */
const strengths: Readonly<Record<(FirmReason | ReopenReason | StormReason)['kind'], number>> = {
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
  'storm-no-telemetry': 7,
  'storm-awaiting-graph': 7,
  'storm-awaiting-evidence': 7,
};
const stormStrength = strengths['storm-no-telemetry'];

export type JoinReason = FirmReason | ReopenReason | StormReason;

export function strengthOf(reason: JoinReason): number {
  return strengths[reason.kind];
}

/** Whether a reason rests on nearness in time alone. Such a member is judged again when evidence is in. */
export function isProvisional(reason: JoinReason): boolean {
  return strengths[reason.kind] === stormStrength;
}

/** What reasons rest on beside the alert and the incident. */
export interface Knowledge {
  readonly config: CoreConfig;
  readonly changes: ScopeState['changes'];
  readonly graph: CallGraph;
  readonly atMs: number;
}

/** The strongest reason for this alert to be in this incident; null when there is none. Every reason needs nearness in event time. */
export function joinReason(known: Knowledge, incident: IncidentView, alert: AlertView): JoinReason | null {
  if (!isOpen(incident.incident)) return reopenReason(known, incident, alert);
  return firmReason(known, incident, alert) ?? stormReason(known, incident, alert);
}

/** The strongest reason that rests on more than nearness in time. */
export function firmReason(known: Knowledge, group: GroupView, alert: AlertView): FirmReason | null {
  return sameEntity(known, group, alert) ?? evidenceReason(known, group, alert);
}

/** Kinds that name one thing, so that sharing it is reason enough. A shared node is weaker; a zone counts only as the subject. */
const ownKinds = /^(service|workload|pod|database|topic):/;

/** Whether an entity, `kind:name`, is one thing, so that sharing it is reason enough. */
export function isOwnKind(id: string): boolean {
  return ownKinds.test(id);
}

function sharedEntity({ entities }: GroupView, alert: AlertView): string | undefined {
  return alert.entityIds.find((id) => ownKinds.test(id) && entities.has(id));
}

function sameEntity(known: Knowledge, group: GroupView, alert: AlertView): FirmReason | null {
  if (!isContinuation(known, group, alert.alert.startsAtMs)) return null;
  const entity = sharedEntity(group, alert);
  return entity === undefined ? null : { kind: 'same-entity', entity };
}

/** Whether something that started then may belong to this group. While a member fires the group goes on, so the gap counts from now. */
export function isContinuation(
  { config, atMs }: Pick<Knowledge, 'config' | 'atMs'>,
  { startedAtMs, lastStartMs, firing }: Pick<GroupView, 'startedAtMs' | 'lastStartMs' | 'firing'>,
  startsAtMs: number,
): boolean {
  const lastMs = firing > 0 ? Math.max(lastStartMs, atMs) : lastStartMs;
  return startsAtMs >= startedAtMs - config.joinGapMs && startsAtMs <= lastMs + config.joinGapMs;
}

function isNear({ startedAtMs, lastStartMs }: GroupView, { alert }: AlertView, gapMs: number): boolean {
  return alert.startsAtMs >= startedAtMs - gapMs && alert.startsAtMs <= lastStartMs + gapMs;
}

function evidenceReason(known: Knowledge, group: GroupView, alert: AlertView): FirmReason | null {
  if (!isNear(group, alert, known.config.joinGapMs)) return null;
  const { cause, evidence } = group;
  const { service } = alert;
  if (cause !== null && cause === alert.name) return { kind: 'likely-cause', service: cause };
  if (evidence?.related.includes(service) === true) return { kind: 'degraded-service', service };
  return degradedPath(known, group, alert) ?? sharedFailureDomain(group, alert) ?? sameChange(known, group, alert);
}

/**
 * Both ends alert, so neighbours need no more; everything between them must be degraded itself. The identified cause is an end as well,
 * whether it alerts or not.
 */
function degradedPath({ graph, config }: Knowledge, group: GroupView, { service }: AlertView): FirmReason | null {
  if (!graph.services.has(service) || group.evidence === undefined) return null;
  const ends = [...group.services, ...(group.cause === null ? [] : [group.cause])];
  const degraded = new Set([...group.evidence.ranking.disturbedServices, ...ends, service]);
  const path = findPath(graph, service, ends, { maxHops: config.maxHops, allowed: (name) => degraded.has(name) });
  return path === null ? null : { kind: 'degraded-path', path };
}

function sharedFailureDomain({ entities, openingSubject }: GroupView, alert: AlertView): FirmReason | null {
  const { node } = alert.alert.entities;
  if (node !== undefined && entities.has(`node:${node}`)) return { kind: 'same-node', node };
  const { subject } = alert;
  if (isFailureDomain(subject) && entities.has(subject)) return { kind: 'about-failure-domain', entity: subject };
  return isFailureDomain(openingSubject) && alert.entityIds.includes(openingSubject)
    ? { kind: 'in-failure-domain', entity: openingSubject }
    : null;
}

function isFailureDomain(subject: string): boolean {
  return /^(zone|cluster):/.test(subject);
}

function sameChange(known: Knowledge, { evidence }: GroupView, alert: AlertView): FirmReason | null {
  const shared = evidence?.ranking.changes.find(
    ({ id, verdict }) => verdict === 'suspect' && concernsChange(known, alert, id),
  );
  return shared === undefined ? null : { kind: 'same-change', changeId: shared.id, summary: shared.summary };
}

/** Whether a change was made to something that the alert is about. False for an unknown change. */
export function concernsChange(
  { changes }: Pick<Knowledge, 'changes'>,
  { entityIds: mine }: AlertView,
  changeId: string,
): boolean {
  const change = changes.get(changeId);
  if (change === undefined) return false;
  const own = new Set(mine.filter((id) => ownKinds.test(id) || id.startsWith('node:')));
  return entityIds(change.entities).some((entity) => own.has(entity));
}

/**
 * Before evidence is in, alerts of one storm are held together, unless the known graph has no path between them. Afterwards only those
 * about something that the graph does not know are.
 */
function stormReason(known: Knowledge, view: IncidentView, alert: AlertView): StormReason | null {
  const { graph, config, atMs } = known;
  const { detached, detectedAtMs, regrouped } = view.incident;
  if (detached || atMs > detectedAtMs + config.stormHoldMs || !isNear(view, alert, config.stormGapMs)) return null;
  const members = [...view.services].filter((name) => graph.services.has(name));
  if (!graph.services.has(alert.service) || members.length === 0)
    return { kind: regrouped ? 'storm-no-telemetry' : 'storm-awaiting-graph' };
  if (regrouped) return null;
  const path = findPath(graph, alert.service, members, { maxHops: config.maxHops, allowed: () => true });
  return path === null ? null : { kind: 'storm-awaiting-evidence', path };
}

/** The same cause soon after the end: the incident was not over. */
function reopenReason({ config, atMs }: Knowledge, view: IncidentView, alert: AlertView): ReopenReason | null {
  const { id, resolvedAtMs, mergedInto } = view.incident;
  if (resolvedAtMs === null || mergedInto !== null || atMs > resolvedAtMs + config.reopenMs) return null;
  if (alert.alert.incidentId === id) return { kind: 'fires-again' };
  const cause = view.evidence?.ranking.hypotheses[0]?.cause.service;
  if (cause !== undefined && cause === alert.name) return { kind: 'recent-cause', service: cause };
  const entity = sharedEntity(view, alert);
  return entity === undefined ? null : { kind: 'recent-entity', entity };
}
