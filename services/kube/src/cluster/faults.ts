/** Which faults there are: looks again at what an event may concern, and reports what began, changed or ended. */
import type { OutgoingRecord } from '@faultline/bus';
import type { Change, FindingChange, ObjectReference, WorkloadFinding } from '@faultline/model';
import { isTrue } from '../api/json.ts';
import { type ClusterIdentity, idOf, kubernetesSource } from '../change/subject.ts';
import type { ObservedObject } from '../decode/object.ts';
import { type FaultContext, type FaultDraft, faultKey } from '../finding/draft.ts';
import { findFaults, hasOwnFaults } from '../finding/find.ts';
import { resourceKinds, resourceName } from '../resources/table.ts';
import type { ClusterModel, KnownObject } from './model.ts';
import type { Records, SavedState } from './saved.ts';
import { concernedBy } from './users.ts';
import { Warnings } from './warnings.ts';
import { isWorkload, workloadOf } from './workload.ts';

export interface FaultsOptions {
  readonly model: ClusterModel;
  readonly records: Records;
  readonly identity: ClusterIdentity;
  readonly saved: SavedState;
  /** An object of this resource or kind could not be handled. */
  readonly onProblem: (resource: string, error: unknown) => void;
}

/** How long the end of an object is remembered as the change that made a fault. */
const endedMemoryMs = 86_400_000;
const maxMessageChars = 500;

export class Faults {
  readonly #options: FaultsOptions;
  readonly #warnings = new Warnings();
  readonly #dirty = new Map<string, ObjectReference>();
  /** Present findings by their subject. */
  readonly #known = new Map<string, Map<string, WorkloadFinding>>();
  /** Changes that removed an object. */
  readonly #ended = new Map<string, FindingChange>();

  constructor(options: FaultsOptions) {
    this.#options = options;
    for (const finding of options.saved.findings.values()) this.#remember(finding);
    // Whatever ended while nobody watched must end.
    this.markAll();
  }

  /** An object came, changed or went: what may be faulty because of it is looked at again. `after` is null for one that is gone. */
  mark(before: ObservedObject | null, after: ObservedObject | null): void {
    for (const observed of [before, after]) if (observed !== null) this.#markOne(observed);
    this.#markPolicies(before, after);
    this.#markBudgets(before, after);
  }

  #markOne(observed: ObservedObject): void {
    const { model } = this.#options;
    const { reference } = observed;
    switch (reference.kind) {
      case 'Event':
        this.#markUid(this.#warnings.add(observed));
        return;
      case 'Pod':
      case 'ReplicaSet':
      case 'Job':
        this.#markSubject(workloadOf(model, observed));
        return;
      case 'EndpointSlice':
        this.#markSubject({ ...reference, kind: 'Service', name: observed.labels['kubernetes.io/service-name'] ?? '' });
        return;
      default:
        if (hasOwnFaults(reference.kind) || isWorkload(reference)) this.#markSubject(reference);
        if (['Secret', 'ConfigMap', 'ServiceAccount', 'PersistentVolumeClaim'].includes(reference.kind))
          for (const workload of concernedBy(model, observed)) this.#markSubject(workload);
    }
  }

  /** Whom a policy cuts off depends on the Services and the labels of its namespace. A status tells nothing of them. */
  #markPolicies(before: ObservedObject | null, after: ObservedObject | null): void {
    const { reference } = before ?? after ?? {};
    if (reference === undefined || !(decidesPolicies.has(reference.kind) || isWorkload(reference))) return;
    if (before?.body === after?.body) return;
    for (const { observed } of this.#options.model.all('networkpolicies.networking.k8s.io', reference.namespace))
      this.#markSubject(observed.reference);
  }

  /** A budget blocks from when a node with its pods is drained. */
  #markBudgets(before: ObservedObject | null, after: ObservedObject | null): void {
    if (before?.reference.kind !== 'Node' || after === null) return;
    if (isTrue(before.body, 'spec', 'unschedulable') === isTrue(after.body, 'spec', 'unschedulable')) return;
    for (const { observed } of this.#options.model.all('poddisruptionbudgets.policy'))
      this.#markSubject(observed.reference);
  }

  #markUid(uid: string): void {
    const known = uid === '' ? undefined : this.#options.model.byUid(uid);
    if (known !== undefined) this.#markOne(known.observed);
  }

  /** Faults that only time ends or begins. */
  markAll(): void {
    for (const findings of this.#known.values()) for (const { object } of findings.values()) this.#markSubject(object);
    for (const { observed } of this.#options.model.all('certificates.cert-manager.io'))
      this.#markSubject(observed.reference);
  }

  #markSubject(subject: ObjectReference): void {
    if (subject.name !== '') this.#dirty.set(subjectKey(subject), subject);
  }

  /** Remembers what removed an object, for those that still refer to it. */
  ended({ observed: { reference } }: KnownObject, change: Change | null, nowMs: number): void {
    if (change === null) return;
    this.#ended.set(subjectKey(reference), {
      changeId: change.id,
      object: reference,
      actor: change.actor,
      atMs: nowMs,
    });
    for (const [key, { atMs }] of this.#ended) if (atMs + endedMemoryMs < nowMs) this.#ended.delete(key);
  }

  /** The records of everything that differs since the last call. */
  take(nowMs: number): readonly OutgoingRecord[] {
    for (const uid of this.#warnings.expire(nowMs)) this.#markUid(uid);
    const { model, identity } = this.#options;
    const context: FaultContext = {
      model,
      cluster: identity.cluster,
      nowMs,
      warningsOf: (uid) => this.#warnings.of(uid),
    };
    const subjects = [...this.#dirty.values()];
    this.#dirty.clear();
    return subjects.flatMap((subject) => this.#look(context, subject));
  }

  /** A subject that cannot be handled is a bug. Its findings stay as they are, and the others go on. */
  #look(context: FaultContext, subject: ObjectReference): readonly OutgoingRecord[] {
    try {
      return this.#compare(subject, findFaults(context, subject), context.nowMs);
    } catch (error) {
      this.#options.onProblem(subject.kind, error);
      return [];
    }
  }

  #compare(subject: ObjectReference, drafts: readonly FaultDraft[], nowMs: number): readonly OutgoingRecord[] {
    const known = this.#known.get(subjectKey(subject)) ?? new Map<string, WorkloadFinding>();
    const found = new Map(drafts.map((draft) => [this.#idOf(draft), draft]));
    const news = [...found].flatMap(([id, draft]) => this.#version(id, draft, known.get(id), nowMs) ?? []);
    const ended = [...known.values()]
      .filter(({ id }) => !found.has(id))
      .map((finding): WorkloadFinding => ({ ...finding, endedAtMs: nowMs, observedAtMs: nowMs }));
    for (const finding of [...news, ...ended]) this.#remember(finding);
    return [...news, ...ended].flatMap((finding) => this.#options.records.finding(finding));
  }

  /** Null: the known version still says it. */
  #version(id: string, draft: FaultDraft, known: WorkloadFinding | undefined, nowMs: number): WorkloadFinding | null {
    const sinceMs = known?.sinceMs ?? Math.min(draft.sinceMs ?? nowMs, nowMs);
    const next: WorkloadFinding = {
      ...draft,
      id,
      scope: this.#options.identity.scope,
      source: kubernetesSource,
      message: draft.message.slice(0, maxMessageChars),
      sinceMs,
      endedAtMs: null,
      observedAtMs: nowMs,
      changedBy: known?.changedBy ?? this.#changeBefore(draft, sinceMs),
    };
    return known !== undefined && isSame(known, next) ? null : next;
  }

  #idOf(draft: FaultDraft): string {
    return idOf(this.#options.identity, 'finding', subjectKey(draft.object), faultKey(draft));
  }

  /**
   * The last change of the target, or else of the object itself, before the fault. The target of a network policy only suffers. The API's
   * times are whole seconds.
   */
  #changeBefore({ mechanism, object, target }: FaultDraft, sinceMs: number): FindingChange | null {
    for (const reference of [target, object]) {
      if (reference === null || (reference === target && mechanism === 'network-policy-denies')) continue;
      const ended = this.#ended.get(subjectKey(reference));
      const known = this.#knownOf(reference);
      const changed =
        known === undefined || known.changeId === ''
          ? null
          : { changeId: known.changeId, object: reference, actor: known.actor, atMs: known.changedAtMs };
      const change = known === undefined ? ended : changed;
      if (change !== undefined && change !== null && change.atMs <= sinceMs + slackMs) return change;
    }
    return null;
  }

  #knownOf({ kind, namespace, name }: ObjectReference): KnownObject | undefined {
    const resource = resourceOfKind.get(kind);
    return resource === undefined ? undefined : this.#options.model.get(resource, namespace, name);
  }

  #remember(finding: WorkloadFinding): void {
    const key = subjectKey(finding.object);
    const known = this.#known.get(key) ?? new Map<string, WorkloadFinding>();
    if (finding.endedAtMs === null) known.set(finding.id, finding);
    else known.delete(finding.id);
    if (known.size === 0) this.#known.delete(key);
    else this.#known.set(key, known);
  }
}

/** Kinds, besides workloads, that decide whom a network policy cuts off: several policies add up. */
const decidesPolicies: ReadonlySet<string> = new Set(['Service', 'NetworkPolicy']);

const resourceOfKind = new Map(resourceKinds.map((entry) => [entry.kind, resourceName(entry)]));

/** A pod may take a while to show what a change did to it, and clocks differ. */
const slackMs = 120_000;

function subjectKey({ kind, namespace, name }: ObjectReference): string {
  return `${kind}/${namespace}/${name}`;
}

/** Restart counts rise as long as a fault lasts: they are no news. Who is hit is. */
function isSame(a: WorkloadFinding, b: WorkloadFinding): boolean {
  return (
    a.affected === b.affected &&
    a.total === b.total &&
    a.reason === b.reason &&
    JSON.stringify(a.entities) === JSON.stringify(b.entities) &&
    (a.changedBy?.changeId ?? '') === (b.changedBy?.changeId ?? '')
  );
}
