/** Lists and accepts drift: pure functions over what the `config` topic keeps. */
import type { ClusterRecordType } from './cluster-state.ts';
import { clusterRecordTypes, clusterStateKey } from './cluster-state.ts';
import { codecs } from './codec.ts';
import {
  type Drift,
  type DriftAcceptance,
  type DriftComparison,
  type DriftRisk,
  type DriftState,
  driftRisks,
  isAccepted,
  type ListedDrift,
} from './drift.ts';
import { contentId } from './hash.ts';

/** What is known of drift, by `Drift.id`. A reader of `config` keeps it up to date with `applyDriftRecord`. */
export interface DriftBook {
  readonly drifts: Map<string, Drift>;
  readonly acceptances: Map<string, DriftAcceptance>;
}

export function createDriftBook(): DriftBook {
  return { drifts: new Map(), acceptances: new Map() };
}

/** A record of the `config` topic. */
interface ConfigRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * Takes one record of `config`, in the order of the log. Returns false for a record that is not about drift, or that cannot be decoded: then
 * nothing changed. A null value removes.
 */
export function applyDriftRecord(book: DriftBook, { key, value }: ConfigRecord): boolean {
  const [, source, , type, id] = key.split('/');
  if (source !== 'kubernetes' || id === undefined) return false;
  switch (type) {
    case clusterRecordTypes.drift:
      return setOrDelete(book.drifts, id, value === null ? null : codecs.drift.decode(value));
    case clusterRecordTypes.driftAcceptance:
      return setOrDelete(book.acceptances, id, value === null ? null : codecs.driftAcceptance.decode(value));
    default:
      return false;
  }
}

type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false };

function setOrDelete<Value>(map: Map<string, Value>, id: string, read: Read<Value> | null): boolean {
  if (read === null) return map.delete(id);
  if (!read.ok) return false;
  map.set(id, read.value);
  return true;
}

/** Filters are combined. An empty text or list means any; an empty `states` means open. */
export interface DriftFilter {
  readonly tenant: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly against: readonly DriftComparison[];
  readonly states: readonly DriftState[];
  readonly risks: readonly DriftRisk[];
  readonly team: string;
}

export const anyDrift: Omit<DriftFilter, 'tenant'> = {
  cluster: '',
  namespace: '',
  name: '',
  kind: '',
  against: [],
  states: [],
  risks: [],
  team: '',
};

/**
 * The drifts that match. Highest risk first, then the newest, then by id, so that pages do not overlap. A name matches the object itself and
 * the workload that it concerns: drift of a ConfigMap is listed for the workload that mounts it.
 */
export function listDrift({ drifts, acceptances }: DriftBook, filter: DriftFilter, nowMs: number): ListedDrift[] {
  const states: readonly DriftState[] = filter.states.length === 0 ? ['open'] : filter.states;
  return [...drifts.values()]
    .filter((drift) => matches(drift, filter))
    .map((drift) => withState(drift, acceptances.get(drift.id), nowMs))
    .filter(({ state }) => states.includes(state))
    .sort(byUrgency);
}

/** A drift with its acceptance, where one holds. */
export function withState(drift: Drift, acceptance: DriftAcceptance | undefined, nowMs: number): ListedDrift {
  return isAccepted(drift, acceptance, nowMs)
    ? { drift, state: 'accepted', acceptance }
    : { drift, state: 'open', acceptance: null };
}

function matches(drift: Drift, filter: DriftFilter): boolean {
  const { object, entities } = drift;
  const isIt = (wanted: string, ...values: readonly (string | undefined)[]) => wanted === '' || values.includes(wanted);
  return (
    drift.scope.tenant === filter.tenant &&
    isIt(filter.cluster, drift.cluster) &&
    isIt(filter.namespace, object.namespace) &&
    isIt(filter.name, object.name, entities.workload, entities.service) &&
    isIt(filter.kind, object.kind) &&
    isIt(filter.team, drift.team) &&
    isAny(filter.against, drift.against) &&
    isAny(filter.risks, drift.risk)
  );
}

function isAny<Value>(wanted: readonly Value[], value: Value): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

function byUrgency({ drift: a }: ListedDrift, { drift: b }: ListedDrift): number {
  return driftRisks.indexOf(a.risk) - driftRisks.indexOf(b.risk) || b.sinceMs - a.sinceMs || (a.id < b.id ? -1 : 1);
}

export interface AcceptDrift {
  readonly tenant: string;
  readonly id: string;
  readonly reason: string;
  readonly untilMs: number;
  readonly actor: string;
  /** Empty: derived from the content, so that the same request twice is one. */
  readonly idempotencyKey: string;
}

/** A record for the `config` topic. */
export interface DriftRecord {
  readonly topic: 'config';
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: { readonly type: ClusterRecordType };
}

export type AcceptedDrift =
  /** `record` must be published. The answer is done when the log has it, whoever reads it later. */
  | {
      readonly ok: true;
      readonly commandId: string;
      readonly acceptance: DriftAcceptance;
      readonly drift: ListedDrift;
      readonly record: DriftRecord;
    }
  /** `field` is the field of the request that is wrong; `reason` says what was expected. */
  | { readonly ok: false; readonly code: 'not-found' | 'invalid'; readonly field: string; readonly reason: string };

/** Longest acceptance: a year. What may stay for ever belongs into `kube.drift.expected`. */
export const maxAcceptanceMs = 366 * 86_400_000;
const maxReasonChars = 1000;

/** Decides about a request. Pure: the caller publishes the record. */
export function acceptDrift(book: DriftBook, request: AcceptDrift, nowMs: number): AcceptedDrift {
  const drift = book.drifts.get(request.id);
  if (drift === undefined || drift.scope.tenant !== request.tenant)
    return { ok: false, code: 'not-found', field: 'id', reason: 'no drift has this id: it may have ended' };
  const flaw = flawOf(request, nowMs);
  if (flaw !== null) return { ok: false, code: 'invalid', ...flaw };
  const acceptance = acceptanceOf(drift, request, nowMs, book.acceptances.get(drift.id));
  const { scope, cluster, id } = drift;
  const type = clusterRecordTypes.driftAcceptance;
  const record: DriftRecord = {
    topic: 'config',
    key: clusterStateKey({ scope, cluster }, type, id),
    value: codecs.driftAcceptance.encode(acceptance),
    headers: { type },
  };
  return { ok: true, commandId: acceptance.commandId, acceptance, drift: withState(drift, acceptance, nowMs), record };
}

function flawOf(
  { reason, untilMs, actor }: AcceptDrift,
  nowMs: number,
): { readonly field: string; readonly reason: string } | null {
  if (reason.trim() === '') return { field: 'reason', reason: 'say why the difference may stay' };
  if (reason.length > maxReasonChars) return { field: 'reason', reason: `at most ${maxReasonChars} characters` };
  if (actor === '') return { field: 'actor', reason: 'name who accepts it' };
  if (!(untilMs > nowMs)) return { field: 'until', reason: 'a time in the future' };
  return untilMs - nowMs > maxAcceptanceMs ? { field: 'until', reason: 'at most a year away' } : null;
}

/** A request that comes again keeps the first time and person. */
function acceptanceOf(
  { id, scope, cluster, valuesId }: Drift,
  { reason, untilMs, actor, idempotencyKey }: AcceptDrift,
  nowMs: number,
  known: DriftAcceptance | undefined,
): DriftAcceptance {
  const commandId = idempotencyKey || contentId('accept-drift', id, valuesId, reason, String(untilMs), actor);
  if (known !== undefined && known.commandId === commandId) return known;
  return { driftId: id, scope, cluster, valuesId, reason, actor, acceptedAtMs: nowMs, untilMs, commandId };
}
