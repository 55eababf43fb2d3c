/** The workloads of the watched clusters in memory, from the `config` topic: their last version, pods, owners and present faults. */
import type { LogRecord } from '@faultline/bus';
import {
  applyDriftRecord,
  clusterRecordTypes,
  codecs,
  createDriftBook,
  type DriftBook,
  type Ownership,
  recordTypeHeader,
  type WorkloadFinding,
} from '@faultline/model';
import { unavailable } from '../errors.ts';
import type { ReadModel } from '../read-model/follow.ts';
import { Grouped } from './grouped.ts';
import {
  type KnownPod,
  type KnownWorkload,
  knownPod,
  knownWorkload,
  plainName,
  workloadResources,
} from './known-workload.ts';

/** Where a workload is. Names alone: pods and faults name no kind. */
export interface WorkloadPlace {
  readonly tenant: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

export class WorkloadReadModel implements ReadModel {
  readonly #workloads = new Grouped<KnownWorkload>(({ scope }) => scope.tenant);
  readonly #pods = new Grouped<KnownPod>((pod) => placeKey({ ...pod, tenant: pod.scope.tenant, name: pod.workload }));
  readonly #owners = new Grouped<{ readonly place: string; readonly ownership: Ownership }>(({ place }) => place);
  readonly #findings = new Grouped<WorkloadFinding>(placeOfFinding);
  readonly #drift = createDriftBook();
  readonly #driftKeys = new Set<string>();
  #seen: Set<string> | null = new Set();
  #ready = false;

  restart(): void {
    this.#seen = new Set();
  }

  apply(record: LogRecord): string | null {
    this.#seen?.add(record.key);
    if (record.value === null) {
      this.#remove(record.key);
      return null;
    }
    switch (record.headers[recordTypeHeader]) {
      case clusterRecordTypes.object:
        return this.#applyObject(record.key, record.value);
      case clusterRecordTypes.binding:
        return this.#applyBinding(record.key, record.value);
      case clusterRecordTypes.finding:
        return this.#applyFinding(record.key, record.value);
      case clusterRecordTypes.drift:
      case clusterRecordTypes.driftAcceptance:
        return this.#applyDrift(record);
      default:
        return null;
    }
  }

  #applyObject(key: string, value: Uint8Array): string | null {
    if (!workloadResources.has(resourceOf(key))) return null;
    const decoded = codecs.clusterObject.decode(value);
    if (!decoded.ok) return decoded.reason;
    this.#workloads.set(key, knownWorkload(decoded.value));
    return null;
  }

  #applyBinding(key: string, value: Uint8Array): string | null {
    const decoded = codecs.entityBinding.decode(value);
    if (!decoded.ok) return decoded.reason;
    const { scope, cluster, object, ownership, toMs } = decoded.value;
    const pod = knownPod(decoded.value);
    if (pod !== null) this.#pods.set(key, pod);
    if (ownership === null || ownership === undefined || toMs !== null) this.#owners.delete(key);
    else this.#owners.set(key, { place: ownerKey(scope.tenant, cluster, object), ownership });
    return null;
  }

  #applyFinding(key: string, value: Uint8Array): string | null {
    const decoded = codecs.workloadFinding.decode(value);
    if (!decoded.ok) return decoded.reason;
    this.#findings.set(key, decoded.value);
    return null;
  }

  #applyDrift(record: LogRecord): string | null {
    this.#driftKeys.add(record.key);
    return applyDriftRecord(this.#drift, record) ? null : 'a drift cannot be decoded';
  }

  #remove(key: string): void {
    if (this.#driftKeys.delete(key)) applyDriftRecord(this.#drift, { key, value: null });
    for (const held of [this.#workloads, this.#pods, this.#owners, this.#findings]) held.delete(key);
  }

  caughtUp(): readonly string[] {
    const held = [this.#workloads, this.#pods, this.#owners, this.#findings].flatMap((each) => each.keys());
    for (const key of [...held, ...this.#driftKeys]) if (this.#seen?.has(key) === false) this.#remove(key);
    this.#seen = null;
    this.#ready = true;
    return [];
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Throws UNAVAILABLE until the topic was read once. A partial list would look like fewer faults. */
  requireReady(): void {
    if (!this.#ready) throw unavailable('still reading the workloads; try again in a moment');
  }

  /** All workloads of a tenant, in no order. */
  list(tenant: string): readonly KnownWorkload[] {
    return this.#workloads.group(tenant);
  }

  /** Its pods, those that ended within the last day, too. */
  pods(place: WorkloadPlace): readonly KnownPod[] {
    return this.#pods.group(placeKey(place));
  }

  /** The faults that are there now. */
  findings(place: WorkloadPlace): readonly WorkloadFinding[] {
    return this.#findings.group(placeKey(place));
  }

  /** Drift and its acceptances, of every tenant. */
  get drift(): DriftBook {
    return this.#drift;
  }

  /** What the workload's labels and annotations say of its owner, or else those of its namespace. Null: nothing. */
  owner(tenant: string, { cluster, object }: Pick<KnownWorkload, 'cluster' | 'object'>): Ownership | null {
    const namespace = { kind: 'Namespace', namespace: '', name: object.namespace };
    const [own] = this.#owners.group(ownerKey(tenant, cluster, object));
    const [shared] = this.#owners.group(ownerKey(tenant, cluster, namespace));
    return (own ?? shared)?.ownership ?? null;
  }
}

function placeKey({ tenant, cluster, namespace, name }: WorkloadPlace): string {
  return [tenant, cluster, namespace, name].join('/');
}

/** Faults of nodes have no workload: nobody asks for their group. */
function placeOfFinding({ scope, entities, object }: WorkloadFinding): string {
  const namespace = entities.namespace ?? object.namespace;
  const name = plainName(entities.workload ?? '', namespace);
  return placeKey({ tenant: scope.tenant, cluster: entities.cluster ?? '', namespace, name });
}

function ownerKey(tenant: string, cluster: string, { kind, namespace, name }: KnownWorkload['object']): string {
  return [tenant, cluster, kind, namespace, name].join('/');
}

/** `{tenant}/kubernetes/{cluster}/{type}/{resource}/{namespace}/{name}`: counted from the end, as a tenant may hold a slash. */
function resourceOf(key: string): string {
  return key.split('/').at(-3) ?? '';
}
