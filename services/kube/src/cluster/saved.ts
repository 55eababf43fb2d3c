/** What is kept on the compacted `config` topic: from records to the model at a start, and from the model to records. */
import type { OutgoingRecord } from '@faultline/bus';
import {
  type Alert,
  type Change,
  type ClusterObject,
  type ClusterRecordType,
  clusterRecordTypes,
  clusterStateKey,
  codecs,
  correlationKey,
  type Drift,
  type EntityBinding,
  recordTypeHeader,
  recordTypes,
  type WatchPosition,
  type WorkloadFinding,
} from '@faultline/model';
import { at, type Json, parseJson, texts } from '../api/json.ts';
import { type ClusterIdentity, kubernetesSource } from '../change/subject.ts';
import type { KnownObject } from './model.ts';

/** The saved state of one cluster. */
export interface SavedState {
  readonly objects: KnownObject[];
  /** By resource. */
  readonly positions: Map<string, string>;
  /** Present ones, by id. */
  readonly findings: Map<string, WorkloadFinding>;
  /** Present ones, by id. */
  readonly drifts: Map<string, Drift>;
  /** By the path of their key. */
  readonly bindings: Map<string, EntityBinding>;
}

export function emptyState(): SavedState {
  return { objects: [], positions: new Map(), findings: new Map(), drifts: new Map(), bindings: new Map() };
}

/** A record of the `config` topic, as it is read. */
interface StateRecord {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The last record of each key. Records of other clusters, and those that cannot be decoded, are skipped. */
export function readState(identity: ClusterIdentity, records: Iterable<StateRecord>): SavedState {
  const prefix = clusterStateKey(identity, clusterRecordTypes.object).slice(0, -clusterRecordTypes.object.length);
  const last = new Map<string, StateRecord>();
  for (const record of records) if (record.key.startsWith(prefix)) last.set(record.key, record);
  const state = emptyState();
  for (const [key, { value, headers }] of last)
    if (value !== null) addRecord(state, headers[recordTypeHeader] ?? '', value, bindingPath(prefix, key));
  return state;
}

function bindingPath(prefix: string, key: string): string {
  return key.slice(prefix.length + clusterRecordTypes.binding.length + 1);
}

function addRecord(state: SavedState, type: string, value: Uint8Array, path: string): void {
  switch (type) {
    case clusterRecordTypes.object: {
      const decoded = codecs.clusterObject.decode(value);
      if (decoded.ok) state.objects.push(knownOf(decoded.value));
      break;
    }
    case clusterRecordTypes.position: {
      const decoded = codecs.watchPosition.decode(value);
      if (decoded.ok) state.positions.set(decoded.value.resource, decoded.value.resourceVersion);
      break;
    }
    case clusterRecordTypes.finding: {
      const decoded = codecs.workloadFinding.decode(value);
      if (decoded.ok) state.findings.set(decoded.value.id, decoded.value);
      break;
    }
    case clusterRecordTypes.drift: {
      const decoded = codecs.drift.decode(value);
      if (decoded.ok) state.drifts.set(decoded.value.id, decoded.value);
      break;
    }
    case clusterRecordTypes.binding: {
      const decoded = codecs.entityBinding.decode(value);
      if (decoded.ok) state.bindings.set(path, decoded.value);
    }
  }
}

/** The status and the metadata are not kept: the first event or list brings them. */
function knownOf({
  resource,
  object,
  uid,
  resourceVersion,
  changedAtMs,
  actor,
  changeId,
  body,
}: ClusterObject): KnownObject {
  const saved = parseJson(body) ?? undefined;
  return {
    observed: {
      resource,
      reference: object,
      uid,
      resourceVersion,
      generation: 0,
      createdAtMs: 0,
      labels: {},
      annotations: {},
      owner: null,
      writer: { manager: '', atMs: null },
      body: at(saved, 'body'),
      status: {},
      origin: null,
    },
    changedAtMs,
    actor,
    changeId,
    openChange: changeOf(at(saved)['openChange']),
    templates: texts(saved, 'templates'),
  };
}

function changeOf(saved: Json | undefined): Change | null {
  return typeof saved === 'string' ? (JSON.parse(saved) as Change) : null;
}

type Path = readonly string[];

/** Makes the records of one cluster. A null value is a tombstone. */
export function createRecords(identity: ClusterIdentity) {
  const { scope, cluster } = identity;
  const state = (type: ClusterRecordType, path: Path, value: Uint8Array | null): OutgoingRecord => ({
    topic: 'config',
    key: clusterStateKey(identity, type, ...path),
    value,
    headers: { [recordTypeHeader]: type },
  });
  const onChanges = (type: string, value: Uint8Array, items: string): OutgoingRecord => ({
    topic: 'changes',
    key: correlationKey(scope),
    value,
    headers: { [recordTypeHeader]: type, source: kubernetesSource, items },
  });
  return {
    object: (known: KnownObject) => {
      const value: ClusterObject = { scope, cluster, ...savedFields(known) };
      return state(clusterRecordTypes.object, pathOf(known), codecs.clusterObject.encode(value));
    },
    objectGone: (known: KnownObject) => state(clusterRecordTypes.object, pathOf(known), null),
    position: (resource: string, resourceVersion: string, atMs: number) => {
      const value: WatchPosition = { scope, cluster, resource, resourceVersion, atMs };
      return state(clusterRecordTypes.position, [resource], codecs.watchPosition.encode(value));
    },
    binding: (path: string, binding: EntityBinding | null) =>
      state(clusterRecordTypes.binding, [path], binding === null ? null : codecs.entityBinding.encode(binding)),
    change: (change: Change) => onChanges(recordTypes.change, codecs.change.encode(change), '1'),
    /** The version for the core, and the one that is kept while it lasts. The ledger counts what sources send, so a finding is no item. */
    finding: (finding: WorkloadFinding) => [
      onChanges(recordTypes.workloadFinding, codecs.workloadFinding.encode(finding), '0'),
      state(
        clusterRecordTypes.finding,
        [finding.id],
        finding.endedAtMs === null ? codecs.workloadFinding.encode(finding) : null,
      ),
    ],
    /** A version for the core and the tables: it began, its value differs, or it ended. The core takes it as a change, so it is one item. */
    driftReport: (drift: Drift) => onChanges(recordTypes.drift, codecs.drift.encode(drift), '1'),
    /** The version that is kept while it lasts. */
    driftState: (drift: Drift) =>
      state(clusterRecordTypes.drift, [drift.id], drift.endedAtMs === null ? codecs.drift.encode(drift) : null),
    alert: (alert: Alert): OutgoingRecord => ({
      topic: 'alerts',
      key: correlationKey(scope),
      value: codecs.alert.encode(alert),
      headers: { source: alert.source, items: '1' },
    }),
    acceptanceGone: (driftId: string) => state(clusterRecordTypes.driftAcceptance, [driftId], null),
  };
}
export type Records = ReturnType<typeof createRecords>;

function pathOf({ observed: { resource, reference } }: KnownObject): Path {
  return [resource, reference.namespace, reference.name];
}

function savedFields({ observed, changedAtMs, actor, changeId, openChange, templates }: KnownObject) {
  const { resource, reference: object, uid, resourceVersion, body } = observed;
  const saved = { body, templates, openChange: openChange === null ? null : JSON.stringify(openChange) };
  return { resource, object, uid, resourceVersion, changedAtMs, actor, changeId, body: JSON.stringify(saved) };
}
