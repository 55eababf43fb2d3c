/** Several clusters on one log in memory, and the drift that their watchers report. Objects are plain JSON, as the API sends them. */
import type { OutgoingRecord } from '@faultline/bus';
import {
  type Alert,
  applyDriftRecord,
  clusterRecordTypes,
  clusterStateKey,
  codecs,
  createDriftBook,
  type Decoded,
  type Drift,
  recordTypeHeader,
  recordTypes,
} from '@faultline/model';
import type { JsonObject } from '../api/json.ts';
import { ClusterEngine } from '../cluster/engine.ts';
import { readState } from '../cluster/saved.ts';
import { createConcealer } from '../decode/conceal.ts';
import { type DriftConfig, driftConfig } from '../drift/config.ts';
import { type ResourceKind, resourceKinds } from '../resources/table.ts';

type Draft = JsonObject & { readonly metadata: JsonObject };
/** The kind of an object, and the object. */
export type Listed = readonly [kind: string, draft: Draft];

export interface FleetOptions {
  readonly config?: Partial<DriftConfig>;
  /** By cluster. Default: one salt for all. */
  readonly salts?: Readonly<Record<string, string>>;
}

interface LogEntry {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

export class Fleet {
  /** `config`, compacted. */
  readonly log = new Map<string, LogEntry>();
  /** Each version of a drift that was reported on `changes`, in order. */
  readonly reports: Drift[] = [];
  /** Each alert about drift, in order. */
  readonly alerts: Alert[] = [];
  readonly #options: FleetOptions;
  readonly #engines = new Map<string, ClusterEngine>();
  readonly #objects = new Map<string, Map<string, Listed>>();
  nowMs = 1_790_000_000_000;
  #version = 1;

  constructor(options: FleetOptions = {}) {
    this.#options = options;
  }

  /** Starts the watcher of a cluster, or starts it again from what the log has. The cluster has these objects, or those from before. */
  start(cluster: string, objects?: readonly Listed[]): void {
    if (objects !== undefined)
      this.#objects.set(cluster, new Map(objects.map((one) => [keyOf(one), this.#stored(one)])));
    const salt = this.#options.salts?.[cluster] ?? 'salt';
    const identity = identityOf(cluster);
    this.#write(saltRecord(cluster, salt), cluster);
    const config = { ...driftConfig.parse({ settleMs: 0 }), ...this.#options.config };
    const records = [...this.log.values()];
    const engine = new ClusterEngine({
      identity,
      concealer: createConcealer(salt),
      saved: readState(identity, records),
      addressMemoryMs: 86_400_000,
      positionMs: 3_600_000,
      kinds: resourceKinds,
      drift: { config, saltId: salt },
      onProblem: (_resource, error) => {
        throw error;
      },
    });
    this.#engines.set(cluster, engine);
    for (const record of records) engine.follow(record);
    for (const kind of resourceKinds) {
      const own = [...(this.#objects.get(cluster)?.values() ?? [])].filter(([name]) => name === kind.kind);
      this.#take(cluster, {
        type: 'listed',
        kind,
        items: own.map(([, draft]) => draft),
        resourceVersion: String(this.#version),
      });
    }
  }

  /** Creates or replaces an object, as this field manager. */
  put(cluster: string, listed: Listed): void {
    this.nowMs += 1000;
    const stored = this.#stored(listed);
    this.#objects.get(cluster)?.set(keyOf(listed), stored);
    this.#take(cluster, { type: 'changed', kind: kindOf(listed[0]), object: stored[1] });
  }

  remove(cluster: string, listed: Listed): void {
    this.nowMs += 1000;
    this.#objects.get(cluster)?.delete(keyOf(listed));
    this.#take(cluster, { type: 'deleted', kind: kindOf(listed[0]), object: this.#stored(listed)[1] });
  }

  /** Time passes. */
  advance(ms: number): void {
    this.nowMs += ms;
    for (const [cluster, engine] of this.#engines) this.#publish(cluster, engine.tick(this.nowMs).records);
  }

  /** Somebody writes on `config`, such as the API that accepts a drift. */
  publish(record: {
    readonly key: string;
    readonly value: Uint8Array;
    readonly headers: Readonly<Record<string, string>>;
  }): void {
    this.#write(record, '');
  }

  /** What there is now, of all clusters. */
  book() {
    const book = createDriftBook();
    for (const record of this.log.values()) applyDriftRecord(book, record);
    return book;
  }

  present(): readonly Drift[] {
    return [...this.book().drifts.values()].sort((a, b) => (shortOf(a) < shortOf(b) ? -1 : 1));
  }

  /** `east past spec.replicas: 5, not 3`. */
  short(): readonly string[] {
    return this.present().map(shortOf);
  }

  #stored([kind, draft]: Listed): Listed {
    this.#version += 1;
    const { namespace = '', name = '' } = draft.metadata;
    const metadata = {
      uid: `uid-${kind}-${String(namespace)}-${String(name)}`,
      generation: this.#version,
      ...draft.metadata,
    };
    return [kind, { ...draft, metadata: { ...metadata, resourceVersion: String(this.#version) } }];
  }

  #take(cluster: string, input: Parameters<ClusterEngine['take']>[0][number]): void {
    const engine = this.#engines.get(cluster);
    if (engine === undefined) throw new Error(`${cluster} was not started`);
    for (let batch = engine.take([input], this.nowMs); ; batch = engine.take([], this.nowMs)) {
      this.#publish(cluster, batch.records);
      if (!batch.hasMore) return;
    }
  }

  #publish(cluster: string, records: readonly OutgoingRecord[]): void {
    for (const { topic, key, value, headers = {} } of records) {
      if (topic === 'config') this.#write({ key, value, headers }, cluster);
      if (topic === 'changes' && headers[recordTypeHeader] === recordTypes.drift && value !== null)
        this.reports.push(decodedOf(codecs.drift.decode(value)));
      if (topic === 'alerts' && value !== null) this.alerts.push(decodedOf(codecs.alert.decode(value)));
    }
  }

  /** What one watcher writes, the others read. */
  #write(record: LogEntry, from: string): void {
    if (record.value === null) this.log.delete(record.key);
    else this.log.set(record.key, record);
    for (const [cluster, engine] of this.#engines)
      if (cluster !== from) this.#publish(cluster, engine.take([{ type: 'followed', record }], this.nowMs).records);
  }
}

function identityOf(cluster: string) {
  return { cluster, scope: { tenant: 't', environment: '' } };
}

function saltRecord(cluster: string, salt: string): LogEntry {
  const type = clusterRecordTypes.salt;
  const value = Buffer.from(JSON.stringify({ id: salt, salt }));
  return { key: clusterStateKey(identityOf(cluster), type), value, headers: { [recordTypeHeader]: type } };
}

function decodedOf<Value>(read: Decoded<Value>): Value {
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

function kindOf(name: string): ResourceKind {
  const kind = resourceKinds.find((candidate) => candidate.kind === name);
  if (kind === undefined) throw new Error(`no ${name}`);
  return kind;
}

function keyOf([kind, { metadata }]: Listed): string {
  return `${kind}/${String(metadata['namespace'])}/${String(metadata['name'])}`;
}

function shortOf({ cluster, against, path, value, expected, isExpectedKnown }: Drift): string {
  return `${cluster} ${against} ${path}: ${value ?? 'absent'}, not ${isExpectedKnown ? (expected ?? 'absent') : 'known'}`;
}
