/** Why an alert belongs to an incident, in words. */
import { nameOf, serviceOf, subjectOf } from '../alert/subject.ts';
import { isOpen } from '../incident/life.ts';
import { namedCause } from '../state/evidence.ts';
import { entityIds, memberServices, membersOf } from '../state/members.ts';
import type { AlertState, CallGraph, IncidentState, ScopeState } from '../state/state.ts';
import { findWay } from './graph.ts';

export interface Reason {
  /** Smaller is stronger; equal ones are told apart by age and id of the incident. */
  readonly strength: number;
  readonly text: string;
  /** Rests on nearness in time only: looked at again when evidence is in. */
  readonly provisional: boolean;
}

const strengths = { entity: 0, cause: 1, disturbed: 2, way: 3, node: 4, change: 5, reopen: 6, storm: 7 } as const;

/** Kinds that name one thing: sharing one is reason enough. A shared node is, too, but it speaks weaker; a zone only when it is the subject. */
const ownKinds = /^(service|workload|pod|database|topic):/;

/** Whether an entity, `kind:name`, is one thing, so that sharing it is reason enough. */
export function isOwnKind(id: string): boolean {
  return ownKinds.test(id);
}

/** Whether a reason rests on more than nearness in time. */
export function isFirm(reason: Reason): boolean {
  return reason.strength < strengths.storm;
}

export interface Judgement {
  readonly state: ScopeState;
  readonly incident: IncidentState;
  readonly alert: AlertState;
  readonly graph: CallGraph;
  readonly atMs: number;
}

/** The strongest reason for this alert to be in this incident; null when there is none. Being near in event time is needed for all. */
export function judgeReason(judgement: Judgement): Reason | null {
  const { incident } = judgement;
  if (!isOpen(incident)) return reopenReason(judgement);
  return sharedEntity(judgement) ?? evidenceReason(judgement) ?? stormReason(judgement);
}

/** The reasons that do not rest on nearness in time alone. */
export function firmReason(judgement: Judgement): Reason | null {
  return sharedEntity(judgement) ?? evidenceReason(judgement);
}

function reason(kind: keyof typeof strengths, text: string): Reason {
  return { strength: strengths[kind], text, provisional: kind === 'storm' };
}

function sharedEntity({ state, incident, alert, atMs }: Judgement): Reason | null {
  if (!goesOnAt(state, incident, { startsAtMs: alert.startsAtMs, atMs })) return null;
  const { entities } = membersOf(state, incident.id);
  const shared = entityIds(alert.entities).find((id) => ownKinds.test(id) && entities.has(id));
  return shared === undefined ? null : reason('entity', `same ${shared.replace(':', ' ')}`);
}

/** Whether something that started then may be of this incident. While one of its members fires it goes on, so that the gap counts from now. */
export function goesOnAt(
  state: ScopeState,
  incident: IncidentState,
  { startsAtMs, atMs }: { readonly startsAtMs: number; readonly atMs: number },
): boolean {
  const gapMs = state.config.joinGapMs;
  const { firing } = membersOf(state, incident.id);
  const lastMs = firing > 0 ? Math.max(incident.lastStartMs, atMs) : incident.lastStartMs;
  return startsAtMs >= incident.startedAtMs - gapMs && startsAtMs <= lastMs + gapMs;
}

function isNear({ incident, alert }: Judgement, gapMs: number): boolean {
  return alert.startsAtMs >= incident.startedAtMs - gapMs && alert.startsAtMs <= incident.lastStartMs + gapMs;
}

function evidenceReason(judgement: Judgement): Reason | null {
  if (!isNear(judgement, judgement.state.config.joinGapMs)) return null;
  return (
    causeReason(judgement) ??
    disturbedReason(judgement) ??
    wayReason(judgement) ??
    sharedPlace(judgement) ??
    sharedChange(judgement)
  );
}

function causeReason({ state, incident, alert }: Judgement): Reason | null {
  const cause = namedCause(state, incident.id);
  return cause !== null && cause === nameOf(alert.entities)
    ? reason('cause', `${cause} is the likely cause of this incident`)
    : null;
}

function disturbedReason({ state, incident, alert }: Judgement): Reason | null {
  const service = serviceOf(alert.entities);
  const related = state.evidence.get(incident.id)?.related ?? [];
  return related.includes(service) ? reason('disturbed', `${service} is disturbed by this incident`) : null;
}

/**
 * Both ends alert, so neighbours need no more; anything between them has to be disturbed itself. What the incident names as its cause is an
 * end, too, whether it alerts or not.
 */
function wayReason({ state, incident, alert, graph }: Judgement): Reason | null {
  const service = serviceOf(alert.entities);
  const evidence = state.evidence.get(incident.id);
  if (!graph.services.has(service) || evidence === undefined) return null;
  const cause = namedCause(state, incident.id);
  const ends = [...memberServices(state, incident.id), ...(cause === null ? [] : [cause])];
  const moved = new Set([...evidence.ranking.disturbedServices, ...ends, service]);
  const limits = { maxHops: state.config.maxHops, allowed: (name: string) => moved.has(name) };
  const way = findWay(graph, service, ends, limits);
  return way === null ? null : reason('way', `disturbed path ${way}`);
}

function sharedPlace({ state, incident, alert }: Judgement): Reason | null {
  const { entities } = membersOf(state, incident.id);
  const { node } = alert.entities;
  if (node !== undefined && entities.has(`node:${node}`)) return reason('node', `same node ${node}`);
  const subject = subjectOf(alert.entities);
  if (/^(zone|cluster):/.test(subject) && entities.has(subject))
    return reason('node', `about ${subject.replace(':', ' ')}, where members run`);
  const anchor = state.alerts.get(incident.anchor);
  const place = anchor === undefined ? '' : subjectOf(anchor.entities);
  return /^(zone|cluster):/.test(place) && entityIds(alert.entities).includes(place)
    ? reason('node', `runs in ${place.replace(':', ' ')}, which this incident is about`)
    : null;
}

function sharedChange({ state, incident, alert }: Judgement): Reason | null {
  const suspects = state.evidence.get(incident.id)?.ranking.changes ?? [];
  const shared = suspects.find(({ id, verdict }) => verdict === 'suspect' && speaksOfChange(state, alert, id));
  return shared === undefined ? null : reason('change', `same change: ${shared.summary}`);
}

/** Whether a change was made to something that the alert is about. False for one that is not known. */
export function speaksOfChange(state: ScopeState, alert: AlertState, changeId: string): boolean {
  const change = state.changes.get(changeId);
  if (change === undefined) return false;
  const mine = new Set(entityIds(alert.entities).filter((id) => ownKinds.test(id) || id.startsWith('node:')));
  return entityIds(change.entities).some((entity) => mine.has(entity));
}

/**
 * Before evidence could tell, alerts of one storm are held together, unless the known graph says that there is no way between them. After
 * it, only those about something that the graph does not know.
 */
function stormReason(judgement: Judgement): Reason | null {
  const { state, incident, alert, graph, atMs } = judgement;
  const { stormGapMs, stormHoldMs, maxHops } = state.config;
  if (incident.detached || atMs > incident.detectedAtMs + stormHoldMs) return null;
  if (!isNear(judgement, stormGapMs)) return null;
  const service = serviceOf(alert.entities);
  const members = memberServices(state, incident.id).filter((name) => graph.services.has(name));
  if (!graph.services.has(service) || members.length === 0)
    return reason('storm', incident.regrouped ? 'storm: no telemetry to tell it apart' : 'storm: awaiting the graph');
  if (incident.regrouped) return null;
  const way = findWay(graph, service, members, { maxHops, allowed: () => true });
  return way === null ? null : reason('storm', `storm: path ${way}, awaiting evidence`);
}

/** The same cause soon after the end: the incident was not over. */
function reopenReason({ state, incident, alert, atMs }: Judgement): Reason | null {
  if (incident.resolvedAtMs === null || incident.mergedInto !== null) return null;
  if (atMs > incident.resolvedAtMs + state.config.reopenMs) return null;
  if (alert.incidentId === incident.id) return reason('reopen', 'fires again within the hour');
  const cause = state.evidence.get(incident.id)?.ranking.hypotheses[0]?.cause.service;
  const about = nameOf(alert.entities);
  if (cause !== undefined && cause === about) return reason('reopen', `${about} was the cause within the hour`);
  const { entities } = membersOf(state, incident.id);
  const shared = entityIds(alert.entities).find((id) => ownKinds.test(id) && entities.has(id));
  return shared === undefined ? null : reason('reopen', `same ${shared.replace(':', ' ')} within the hour`);
}
