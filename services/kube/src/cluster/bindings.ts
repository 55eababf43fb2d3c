/** Which names and addresses stand for which entities: pods, Services and nodes, with a day of memory for pods that ended. */
import type { OutgoingRecord } from '@faultline/bus';
import type { Entities, EntityBinding } from '@faultline/model';
import { isTrue, list, text, texts } from '../api/json.ts';
import type { ClusterIdentity } from '../change/subject.ts';
import type { ObservedObject } from '../decode/object.ts';
import { type ResourceKind, resourceName } from '../resources/table.ts';
import type { ClusterModel, KnownObject } from './model.ts';
import { ownershipOf } from './ownership.ts';
import type { Records, SavedState } from './saved.ts';
import { concernedBy, podLabelsOf } from './users.ts';
import {
  entitiesOfNode,
  entitiesOfWorkload,
  isWorkload,
  podsOf,
  serviceNameOf,
  workloadOf,
  workloadResources,
  zoneOf,
} from './workload.ts';

export interface BindingsOptions {
  readonly model: ClusterModel;
  readonly records: Records;
  readonly identity: ClusterIdentity;
  readonly saved: SavedState;
  readonly addressMemoryMs: number;
}

/** Resources that have bindings. */
const bound: ReadonlySet<string> = new Set(['pods', 'services', 'nodes']);
/** Resources that have a binding where their labels or annotations name an owner. */
const owned: ReadonlySet<string> = new Set(['namespaces', ...workloadResources]);

/** Objects that one call looks at: the rest waits, so that no call takes long. */
const maxSubjects = 500;

interface Subject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export class Bindings {
  readonly #options: BindingsOptions;
  readonly #known: Map<string, EntityBinding>;
  readonly #dirty = new Map<string, Subject>();

  constructor(options: BindingsOptions) {
    this.#options = options;
    this.#known = new Map(options.saved.bindings);
  }

  /** Whether objects wait to be looked at. */
  get hasMore(): boolean {
    return this.#dirty.size > 0;
  }

  /** An object came or changed. Most events of a pod are about its containers, which have no names. */
  markChanged(before: ObservedObject | null, after: ObservedObject): void {
    if (before === null || after.resource !== 'pods' || podNamesOf(before) !== podNamesOf(after)) this.mark(after);
  }

  /** Its binding is looked at again. */
  mark({ resource, reference: { namespace, name } }: Pick<ObservedObject, 'resource' | 'reference'>): void {
    if (bound.has(resource) || owned.has(resource))
      this.#dirty.set(`${resource}/${namespace}/${name}`, { resource, namespace, name });
  }

  /** Pods take names from their workload and their node, and Services from the workloads that they select. `after` is null for an end. */
  markDependents(before: KnownObject | null, after: KnownObject | null): void {
    const known = after ?? before;
    if (known === null || namesOf(before) === namesOf(after)) return;
    const { model } = this.#options;
    const { reference, owner } = known.observed;
    if (reference.kind === 'Node') this.#markPodsOn(reference.name);
    if (!isWorkload(reference) && reference.kind !== 'ReplicaSet') return;
    for (const { observed } of podsOf(model, known)) this.mark(observed);
    if (owner !== null) return;
    for (const { observed } of model.all('services', reference.namespace)) this.mark(observed);
  }

  #markPodsOn(node: string): void {
    for (const { observed } of this.#options.model.all('pods'))
      if (text(observed.body, 'spec', 'nodeName') === node) this.mark(observed);
  }

  /** The records of what differs since the last call, for at most `maxSubjects` objects. */
  take(nowMs: number): readonly OutgoingRecord[] {
    const subjects = [...this.#dirty].slice(0, maxSubjects);
    for (const [key] of subjects) this.#dirty.delete(key);
    return subjects.flatMap(([, { resource, namespace, name }]) => {
      const known = this.#options.model.get(resource, namespace, name);
      return known === undefined ? [] : this.#seen(known.observed, nowMs);
    });
  }

  #seen(observed: ObservedObject, nowMs: number): readonly OutgoingRecord[] {
    if (owned.has(observed.resource)) return this.#writeOwner(observed, nowMs);
    const found = this.#bindingOf(observed, nowMs);
    return found === null ? [] : this.#write(pathOf(observed), found);
  }

  /** Ownership that was taken away ends the binding. */
  #writeOwner(observed: ObservedObject, nowMs: number): readonly OutgoingRecord[] {
    const ownership = observed.owner === null ? ownershipOf(observed) : null;
    if (ownership === null) return this.ended(observed, nowMs);
    const { scope, cluster } = this.#options.identity;
    const { reference: object, createdAtMs } = observed;
    const entities =
      object.kind === 'Namespace'
        ? { namespace: object.name, cluster }
        : entitiesOfWorkload(this.#options.model, object, cluster);
    const fromMs = createdAtMs || nowMs;
    return this.#write(pathOf(observed), {
      scope,
      cluster,
      object,
      addresses: [],
      entities,
      fromMs,
      toMs: null,
      ownership,
    });
  }

  ended(observed: ObservedObject, nowMs: number): readonly OutgoingRecord[] {
    const path = pathOf(observed);
    const known = this.#known.get(path);
    return known === undefined || known.toMs !== null ? [] : this.#write(path, { ...known, toMs: nowMs });
  }

  /** Ends what was saved by an earlier run and is not there any more. */
  listed(kind: ResourceKind, present: ReadonlySet<string>, nowMs: number): readonly OutgoingRecord[] {
    const prefix = `${resourceName(kind)}/`;
    return [...this.#known].flatMap(([path, known]) => {
      if (!path.startsWith(prefix) || known.toMs !== null || present.has(path.slice(prefix.length))) return [];
      return this.#write(path, { ...known, toMs: nowMs });
    });
  }

  /** Forgets what ended long ago. */
  expire(nowMs: number): readonly OutgoingRecord[] {
    const { records, addressMemoryMs } = this.#options;
    const old = [...this.#known].filter(([, { toMs }]) => toMs !== null && toMs + addressMemoryMs < nowMs);
    return old.map(([path]) => {
      this.#known.delete(path);
      return records.binding(path, null);
    });
  }

  #write(path: string, binding: EntityBinding): readonly OutgoingRecord[] {
    const known = this.#known.get(path);
    const next = known === undefined || known.toMs !== null ? binding : { ...binding, fromMs: known.fromMs };
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(next)) return [];
    this.#known.set(path, next);
    return [this.#options.records.binding(path, next)];
  }

  /** Null while nothing is known of an object: a pod without an address says nothing that its name does not. */
  #bindingOf(observed: ObservedObject, nowMs: number): EntityBinding | null {
    const { scope, cluster } = this.#options.identity;
    const entities = this.#entitiesOf(observed);
    if (entities === null) return null;
    const addresses = addressesOf(observed);
    return {
      scope,
      cluster,
      object: observed.reference,
      addresses,
      entities,
      fromMs: observed.createdAtMs || nowMs,
      toMs: null,
      ownership: observed.reference.kind === 'Service' ? ownershipOf(observed) : null,
    };
  }

  #entitiesOf(observed: ObservedObject): Entities | null {
    const { model, identity } = this.#options;
    const { reference, body } = observed;
    if (reference.kind === 'Node') return entitiesOfNode(model, reference.name, identity.cluster);
    if (reference.kind === 'Pod') {
      const workload = workloadOf(model, observed);
      const place = entitiesOfNode(model, text(body, 'spec', 'nodeName'), identity.cluster);
      return { ...entitiesOfWorkload(model, workload, identity.cluster), pod: reference.name, ...place };
    }
    const [workload, ...others] = concernedBy(model, observed);
    // A Service in front of several workloads stands for none of them alone.
    if (workload === undefined || others.length > 0)
      return { service: reference.name, namespace: reference.namespace, cluster: identity.cluster };
    return entitiesOfWorkload(model, workload, identity.cluster);
  }
}

/** What a pod's own binding is made of. */
function podNamesOf({ uid, owner, body, status, labels, annotations }: ObservedObject): string {
  const own = owner === null ? JSON.stringify([body, labels, annotations]) : owner.uid;
  return JSON.stringify([uid, own, text(body, 'spec', 'nodeName'), status['podIPs'] ?? null]);
}

/** What others take from an object: the name of the service, the labels of its pods, the zone of a node. Empty: there is no object. */
function namesOf(known: KnownObject | null): string {
  if (known === null) return '';
  const { reference, body, labels } = known.observed;
  if (reference.kind === 'Node') return `zone ${zoneOf(labels)}`;
  return isWorkload(reference)
    ? JSON.stringify([serviceNameOf(reference, body), podLabelsOf(known.observed)])
    : reference.name;
}

function addressesOf({ reference: { kind }, body, status }: ObservedObject): readonly string[] {
  switch (kind) {
    case 'Pod':
      // Pods on the host's network share the node's address.
      return isTrue(body, 'spec', 'hostNetwork')
        ? []
        : distinct(list(status, 'podIPs').map((entry) => text(entry, 'ip')));
    case 'Service': {
      const balanced = list(status, 'loadBalancer', 'ingress').flatMap((entry) => [
        text(entry, 'ip'),
        text(entry, 'hostname'),
      ]);
      const own = [...texts(body, 'spec', 'clusterIPs'), text(body, 'spec', 'clusterIP'), ...balanced];
      return distinct(own.filter((address) => address !== 'None'));
    }
    default:
      return distinct(list(status, 'addresses').map((entry) => text(entry, 'address')));
  }
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}

function pathOf({ resource, reference: { namespace, name } }: ObservedObject): string {
  return `${resource}/${namespace}/${name}`;
}
