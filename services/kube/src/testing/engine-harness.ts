/** The pure core of the watcher on lists and events that a test gives it, and what it wrote, decoded. */
import type { OutgoingRecord } from '@faultline/bus';
import {
  type Change,
  codecs,
  type Decoded,
  type EntityBinding,
  recordTypeHeader,
  recordTypes,
  type WorkloadFinding,
} from '@faultline/model';
import type { JsonObject } from '../api/json.ts';
import { type ApiInput, type Batch, ClusterEngine } from '../cluster/engine.ts';
import { readState, type SavedState } from '../cluster/saved.ts';
import { createConcealer } from '../decode/conceal.ts';
import { type ResourceKind, resourceKinds } from '../resources/table.ts';

type Draft = JsonObject & { readonly metadata: JsonObject };

export const harnessIdentity = { cluster: 'east', scope: { tenant: 't', environment: '' } };

export class EngineHarness {
  engine: ClusterEngine;
  nowMs = Date.parse('2026-11-30T12:00:00Z');
  readonly changes: Change[] = [];
  readonly problems: string[] = [];
  /** `config`, compacted. */
  readonly log = new Map<string, OutgoingRecord>();
  readonly #findings = new Map<string, WorkloadFinding>();
  #version = 100;

  constructor() {
    this.engine = this.#create();
  }

  #create(): ClusterEngine {
    return new ClusterEngine({
      identity: harnessIdentity,
      concealer: createConcealer('salt'),
      saved: this.state(),
      addressMemoryMs: 86_400_000,
      positionMs: 10_000,
      kinds: resourceKinds,
      drift: null,
      onProblem: (resource) => void this.problems.push(resource),
    });
  }

  /** Starts the watcher again, from what it wrote. */
  restart(): void {
    this.engine = this.#create();
  }

  /** The server lists each kind. Kinds that are left out have no objects. */
  list(objects: Readonly<Record<string, readonly Draft[]>> = {}): void {
    for (const kind of resourceKinds) this.listKind(kind.kind, objects[kind.kind] ?? []);
  }

  listAllBut(left: string, objects: Readonly<Record<string, readonly Draft[]>>): void {
    for (const kind of resourceKinds) if (kind.kind !== left) this.listKind(kind.kind, objects[kind.kind] ?? []);
  }

  listKind(name: string, drafts: readonly Draft[]): void {
    const items = drafts.map((draft) => this.#stored(name, draft));
    this.take({ type: 'listed', kind: kindOf(name), items, resourceVersion: String(this.#version) });
  }

  put(name: string, draft: Draft): void {
    this.take({ type: 'changed', kind: kindOf(name), object: this.#stored(name, draft) });
  }

  remove(name: string, draft: Draft): void {
    this.take({ type: 'deleted', kind: kindOf(name), object: this.#stored(name, draft) });
  }

  take(input: ApiInput): void {
    let batch = this.engine.take([input], this.nowMs);
    for (; batch.hasMore; batch = this.engine.take([], this.nowMs)) this.#write(batch);
    this.#write(batch);
  }

  /** Time passes, and the watcher looks at what only time changes. */
  advance(ms: number): void {
    this.nowMs += ms;
    this.#write(this.engine.tick(this.nowMs));
  }

  /** What a restart would read. */
  state(): SavedState {
    const records = [...this.log.values()].map(({ key, value, headers = {} }) => ({ key, value, headers }));
    return readState(harnessIdentity, records);
  }

  /** `out-of-memory Deployment pay`: each fault that lasts. */
  present(): readonly string[] {
    const open = [...this.#findings.values()].filter(({ endedAtMs }) => endedAtMs === null);
    return open.map(({ mechanism, object }) => `${mechanism} ${object.kind} ${object.name}`);
  }

  /** The last version of the only finding. */
  finding(): WorkloadFinding | undefined {
    return [...this.#findings.values()][0];
  }

  binding(kind: string): EntityBinding | undefined {
    return [...this.state().bindings.values()].find(({ object }) => object.kind === kind);
  }

  #stored(kind: string, draft: Draft): Draft {
    this.#version += 1;
    const metadata = { uid: `uid-${kind}-${String(draft.metadata['name'])}`, ...draft.metadata };
    return { ...draft, metadata: { ...metadata, resourceVersion: String(this.#version) } };
  }

  #write({ records }: Batch): void {
    for (const record of records) {
      if (record.topic === 'config') this.log.set(record.key, record);
      const type = record.headers?.[recordTypeHeader];
      if (record.value === null || record.topic !== 'changes') continue;
      if (type === recordTypes.change) this.changes.push(decodedOf(codecs.change.decode(record.value)));
      if (type === recordTypes.workloadFinding) this.#keep(decodedOf(codecs.workloadFinding.decode(record.value)));
    }
  }

  #keep(finding: WorkloadFinding): void {
    this.#findings.set(finding.id, finding);
  }
}

export function kindOf(name: string): ResourceKind {
  const kind = resourceKinds.find((candidate) => candidate.kind === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

function decodedOf<Value>(decoded: Decoded<Value>): Value {
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}
