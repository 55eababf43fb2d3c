/**
 * Takes what the API server sends and returns the records to write. It has no I/O and no clock. The caller writes all records of a batch
 * atomically, together with the position of the watch, before it counts the batch as done.
 */
import type { OutgoingRecord } from '@faultline/bus';
import type { Change, ObjectReference } from '@faultline/model';
import { type JsonObject, text } from '../api/json.ts';
import { baseline, type ChangeContext, decideChange, decideDeletion } from '../change/change.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import type { Concealer } from '../decode/conceal.ts';
import { type ObservedObject, observeObject } from '../decode/object.ts';
import type { DriftConfig } from '../drift/config.ts';
import { Drifts } from '../drift/drifts.ts';
import type { FollowedRecord } from '../drift/peers.ts';
import { type ResourceKind, resourceName } from '../resources/table.ts';
import { Bindings } from './bindings.ts';
import { Faults } from './faults.ts';
import { ClusterModel, type KnownObject } from './model.ts';
import { createRecords, type Records, type SavedState } from './saved.ts';

/** What the API server sent of one kind, or what another process wrote on `config`. */
export type EngineInput = ApiInput | { readonly type: 'followed'; readonly record: FollowedRecord };

/** What the API server sent of one kind. */
export type ApiInput =
  | {
      readonly type: 'listed';
      readonly kind: ResourceKind;
      readonly items: readonly JsonObject[];
      readonly resourceVersion: string;
    }
  | { readonly type: 'changed' | 'deleted'; readonly kind: ResourceKind; readonly object: JsonObject }
  | { readonly type: 'reached'; readonly kind: ResourceKind; readonly resourceVersion: string };

export interface EngineOptions {
  readonly identity: ClusterIdentity;
  readonly concealer: Concealer;
  readonly saved: SavedState;
  readonly addressMemoryMs: number;
  /** How often the position of a kind is saved while nothing of it is written, ms. */
  readonly positionMs: number;
  /** An object of this resource could not be handled. */
  readonly onProblem: (resource: string, error: unknown) => void;
  /** Documents of a deployed Helm release were not read, so its objects may have drift that nobody sees. */
  readonly onUnreadRelease?: (release: ObjectReference, unread: number) => void;
  /** Kinds that are watched: findings wait until each was listed, or cannot be. */
  readonly kinds: readonly ResourceKind[];
  /** Null: drift is not looked for. */
  readonly drift: { readonly config: DriftConfig; readonly saltId: string } | null;
}

/** Records of one batch, in the order in which they must be read. */
export interface Batch {
  readonly records: readonly OutgoingRecord[];
  /** How many changes and reports of drift are among them: the ledger counts both. */
  readonly changes: number;
  /** How many alerts about drift are among them. */
  readonly alerts: number;
  /** More records come with the next call, which needs no input. */
  readonly hasMore: boolean;
}

export class ClusterEngine {
  readonly model = new ClusterModel();
  readonly #options: EngineOptions;
  readonly #records: Records;
  readonly #bindings: Bindings;
  readonly #faults: Faults;
  readonly #drifts: Drifts | null;
  /** Resources whose changes are reported: they were listed once, in this run or an earlier one. */
  readonly #isReported = new Set<string>();
  readonly #waitingFor: Set<string>;
  /** When the position of each resource was last saved. */
  readonly #savedAtMs = new Map<string, number>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#records = createRecords(options.identity);
    this.#bindings = new Bindings({ ...options, model: this.model, records: this.#records });
    this.#faults = new Faults({ ...options, model: this.model, records: this.#records });
    const { saved, drift } = options;
    this.#drifts =
      drift === null
        ? null
        : new Drifts({ ...options, ...drift, model: this.model, records: this.#records, saved: saved.drifts });
    this.#waitingFor = new Set(options.kinds.map(resourceName));
    for (const known of options.saved.objects) this.model.set(known);
    for (const resource of options.saved.positions.keys()) this.#isReported.add(resource);
  }

  /** Takes the inputs in order. `nowMs` must not fall from one call to the next. */
  take(inputs: readonly EngineInput[], nowMs: number): Batch {
    const changes: OutgoingRecord[] = [];
    const state = new Map<string, OutgoingRecord>();
    const positions = new Map<string, { readonly version: string; readonly isNeeded: boolean }>();
    for (const input of inputs) {
      if (input.type === 'followed') {
        this.follow(input.record);
        continue;
      }
      const resource = resourceName(input.kind);
      const before = state.size + changes.length;
      const write = (record: OutgoingRecord) => state.set(record.key, record);
      for (const change of this.#takeOne(input, nowMs, write)) changes.push(this.#records.change(change));
      const isNeeded = state.size + changes.length > before || positions.get(resource)?.isNeeded === true;
      const version = positionOf(input);
      if (version !== '' && input.kind.purposes.includes('changes')) positions.set(resource, { version, isNeeded });
    }
    for (const record of this.#positionRecords(positions, nowMs)) state.set(record.key, record);
    if (this.#isComplete) for (const record of this.#bindings.take(nowMs)) state.set(record.key, record);
    return this.#batch(changes, [...state.values()], nowMs);
  }

  /** Names, faults and drift wait until each kind was listed: without its objects they would be wrong, or look as if they had ended. */
  #batch(changes: readonly OutgoingRecord[], state: readonly OutgoingRecord[], nowMs: number): Batch {
    const isComplete = this.#isComplete;
    const findings = isComplete ? this.#faults.take(nowMs) : [];
    const drifts = isComplete ? (this.#drifts?.take(nowMs) ?? []) : [];
    return {
      records: [...changes, ...findings, ...drifts, ...state],
      changes: changes.length + drifts.filter(({ topic }) => topic === 'changes').length,
      alerts: drifts.filter(({ topic }) => topic === 'alerts').length,
      hasMore: isComplete && (this.#bindings.hasMore || this.#drifts?.hasMore === true),
    };
  }

  /** A record of another process that was there before the start. */
  follow(record: FollowedRecord): void {
    this.#drifts?.follow(record);
  }

  /** A kind that cannot be read: what depends on it is decided without it. */
  skip(kind: ResourceKind): void {
    this.#waitingFor.delete(resourceName(kind));
  }

  /** Ends what only time ends: bindings of pods that are gone, and faults that no event closes. */
  tick(nowMs: number): Batch {
    const expired = this.#bindings.expire(nowMs);
    this.#faults.markAll();
    this.#drifts?.markWaiting();
    return this.#batch([], expired, nowMs);
  }

  /** An object that cannot be handled is a bug. It must not stop the others. */
  #guarded(kind: ResourceKind, handle: () => readonly Change[]): readonly Change[] {
    try {
      return handle();
    } catch (error) {
      this.#options.onProblem(resourceName(kind), error);
      return [];
    }
  }

  /** A position is saved with each change, and now and then besides: a restart reads what came since. */
  #positionRecords(
    positions: ReadonlyMap<string, { readonly version: string; readonly isNeeded: boolean }>,
    nowMs: number,
  ): readonly OutgoingRecord[] {
    return [...positions].flatMap(([resource, { version, isNeeded }]) => {
      const isDue = (this.#savedAtMs.get(resource) ?? 0) + this.#options.positionMs <= nowMs;
      if (!isNeeded && !isDue) return [];
      this.#savedAtMs.set(resource, nowMs);
      return [this.#records.position(resource, version, nowMs)];
    });
  }

  #takeOne(input: ApiInput, nowMs: number, write: (record: OutgoingRecord) => void): readonly Change[] {
    switch (input.type) {
      case 'listed':
        return this.#takeList(input, nowMs, write);
      case 'changed':
        return this.#takeRaw(input, nowMs, write);
      case 'deleted':
        return this.#guarded(input.kind, () => {
          const observed = observeObject(input.kind, input.object, this.#options.concealer);
          return observed === null ? [] : this.#takeEnd(input.kind, observed, nowMs, write);
        });
      case 'reached':
        return [];
    }
  }

  /** All objects of a kind as they are. Those that are known and not among them are gone. */
  #takeList(
    { kind, items }: Extract<ApiInput, { type: 'listed' }>,
    nowMs: number,
    write: (record: OutgoingRecord) => void,
  ): readonly Change[] {
    const resource = resourceName(kind);
    const present = new Set(items.map(({ metadata }) => `${text(metadata, 'namespace')}/${text(metadata, 'name')}`));
    const gone = [...this.model.all(resource)].filter(
      ({ observed: { reference } }) => !present.has(`${reference.namespace}/${reference.name}`),
    );
    const changes = [
      ...gone.flatMap(({ observed }) => this.#guarded(kind, () => this.#takeEnd(kind, observed, nowMs, write))),
      ...items.flatMap((object) => this.#takeRaw({ kind, object }, nowMs, write)),
    ];
    this.#bindings.listed(kind, present, nowMs).forEach(write);
    this.#isReported.add(resource);
    this.model.markSynced(resource);
    this.#waitingFor.delete(resource);
    return changes;
  }

  /** An object as the server sent it. */
  #takeRaw(
    { kind, object }: { readonly kind: ResourceKind; readonly object: JsonObject },
    nowMs: number,
    write: (record: OutgoingRecord) => void,
  ): readonly Change[] {
    return this.#guarded(kind, () => {
      const observed = observeObject(kind, object, this.#options.concealer);
      if (observed === null) return [];
      const { resource, reference } = observed;
      const before = this.model.get(resource, reference.namespace, reference.name) ?? null;
      const shared = kind.purposes.includes('changes') ? withSharedBody(before, observed) : observed;
      return this.#takeObject(kind, before, shared, { nowMs, write });
    });
  }

  #takeObject(
    kind: ResourceKind,
    before: KnownObject | null,
    observed: ObservedObject,
    { nowMs, write }: { readonly nowMs: number; readonly write: (record: OutgoingRecord) => void },
  ): readonly Change[] {
    const { resource, reference } = observed;
    const { name = '', unread = 0 } = observed.origin?.release ?? {};
    if (unread > 0) this.#options.onUnreadRelease?.({ ...reference, kind: 'release', name }, unread);
    this.#faults.mark(before?.observed ?? null, observed);
    if (!kind.purposes.includes('changes')) {
      this.model.set(baseline(observed));
      this.#markBindings(before, observed);
      return [];
    }
    // The model holds the new version while subjects are looked up: a new workload concerns itself.
    this.model.set({ ...(before ?? baseline(observed)), observed });
    const isReported = before !== null || this.#isReported.has(resource);
    const decision = isReported
      ? decideChange(this.#context(nowMs), before, observed)
      : { changes: [], known: baseline(observed) };
    this.model.set(decision.known);
    this.#drifts?.mark(before?.observed ?? null, observed);
    if (!isSaved(before, decision.known)) write(this.#records.object(decision.known));
    this.#markBindings(before, observed);
    return decision.changes;
  }

  #takeEnd(
    kind: ResourceKind,
    observed: ObservedObject,
    nowMs: number,
    write: (record: OutgoingRecord) => void,
  ): readonly Change[] {
    const { resource, reference } = observed;
    const before = this.model.get(resource, reference.namespace, reference.name);
    if (before === undefined) return [];
    this.#faults.mark(before.observed, null);
    // An event may bring the last version together with the end.
    const last: KnownObject = { ...before, observed: { ...observed, body: before.observed.body } };
    const isReported = kind.purposes.includes('changes');
    const changes = isReported ? decideDeletion(this.#context(nowMs), last) : [];
    this.#faults.ended(before, changes[0] ?? null, nowMs);
    this.model.delete(observed);
    this.#drifts?.mark(before.observed, null);
    if (isReported) write(this.#records.objectGone(before));
    this.#bindings.ended(observed, nowMs).forEach(write);
    this.#bindings.markDependents(before, null);
    return changes;
  }

  /** Before each kind was listed every object is marked anyway. */
  #markBindings(before: KnownObject | null, observed: ObservedObject): void {
    const { resource, reference } = observed;
    const after = this.model.get(resource, reference.namespace, reference.name) ?? null;
    this.#bindings.markChanged(before?.observed ?? null, observed);
    if (this.#isComplete) this.#bindings.markDependents(before, after);
  }

  /** Whether each kind was listed, or cannot be. */
  get #isComplete(): boolean {
    return this.#waitingFor.size === 0;
  }

  #context(nowMs: number): ChangeContext {
    return { model: this.model, identity: this.#options.identity, nowMs };
  }
}

function positionOf(input: ApiInput): string {
  if (input.type === 'listed' || input.type === 'reached') return input.resourceVersion;
  return text(input.object, 'metadata', 'resourceVersion');
}

/** Status changes are most of what happens. Where nothing else differs, the body is the same object, so that later looks need not compare it. */
function withSharedBody(before: KnownObject | null, observed: ObservedObject): ObservedObject {
  if (before === null || JSON.stringify(before.observed.body) !== JSON.stringify(observed.body)) return observed;
  return { ...observed, body: before.observed.body };
}

/** Nothing of a status is saved. */
function isSaved(before: KnownObject | null, after: KnownObject): boolean {
  return (
    before !== null &&
    before.observed.uid === after.observed.uid &&
    before.changeId === after.changeId &&
    before.openChange === after.openChange &&
    before.templates.length === after.templates.length &&
    before.observed.body === after.observed.body
  );
}
