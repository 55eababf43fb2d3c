/**
 * What watched clusters say of names and addresses: a pod, a pod's or Service's address and a node lead to workload, service, node and zone.
 * The cluster knows, so what it says replaces what labels made likely. See docs/adr/0036-kubernetes.md.
 */
import {
  type Entities,
  type EntityBinding,
  isAddress,
  type Labels,
  type Scope,
  unnamedEnvironment,
  withoutPort,
} from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { ServiceNames } from './service-names.ts';

export interface ClusterNames {
  /** Takes one record of the `config` topic; a null binding forgets its key. */
  take(key: string, binding: EntityBinding | null): void;
  /** The entities, with what the clusters of this tenant say of the pod or address that they or the labels name, now. */
  complete(scope: Pick<Scope, 'tenant'>, entities: Entities, labels: Labels): Entities;
  /** False: no cluster is watched, so nothing has to be looked up. */
  knowsAny(): boolean;
  /** The service behind an address; empty when no cluster knows it. */
  serviceAt(scope: Pick<Scope, 'tenant'>, address: string, atMs: number): string;
}

/** Attributes that hold the address of whom a signal is about, best first. */
const addressLabels = [
  'k8s.pod.ip',
  'pod_ip',
  'podIP',
  'exported_instance',
  'instance',
  'service.instance.id',
  'ip',
] as const;

/** `clock` is when signals come in. `serviceNames` learns the namespaces of workloads, so that two of one name stay two. */
export function createClusterNames(serviceNames: Pick<ServiceNames, 'learn'>, clock: Clock): ClusterNames {
  const byKey = new Map<string, EntityBinding>();
  /** Keys by `tenant/pod/NAME` and `tenant/address/ADDRESS`. */
  const keysBy = new Map<string, Set<string>>();

  const forget = (key: string): void => {
    const known = byKey.get(key);
    byKey.delete(key);
    for (const term of known === undefined ? [] : termsOf(known)) {
      const keys = keysBy.get(term);
      keys?.delete(key);
      if (keys?.size === 0) keysBy.delete(term);
    }
  };
  const find = (term: string, entities: Entities, atMs: number): EntityBinding | null => {
    const found = [...(keysBy.get(term) ?? [])].flatMap((key) => byKey.get(key) ?? []);
    return best(
      found.filter((binding) => fits(binding, entities)),
      atMs,
    );
  };
  return {
    take: (key, binding) => {
      forget(key);
      if (binding === null) return;
      byKey.set(key, binding);
      for (const term of termsOf(binding)) keysBy.set(term, (keysBy.get(term) ?? new Set()).add(key));
      teach(serviceNames, binding);
    },
    complete: ({ tenant }, entities, labels) => {
      if (byKey.size === 0) return entities;
      const atMs = clock();
      const { pod } = entities;
      const ofPod = pod === undefined ? null : find(`${tenant}/pod/${pod}`, entities, atMs);
      if (ofPod !== null) return merged(entities, ofPod.entities, '');
      const address = pod === undefined ? addressOf(labels) : '';
      const ofAddress = address === '' ? null : find(`${tenant}/address/${address}`, entities, atMs);
      return ofAddress === null ? entities : merged(entities, ofAddress.entities, address);
    },
    knowsAny: () => byKey.size > 0,
    serviceAt: ({ tenant }, address, atMs) =>
      find(`${tenant}/address/${withoutPort(address)}`, {}, atMs)?.entities.service ?? '',
  };
}

function termsOf({ scope: { tenant }, object, addresses }: EntityBinding): string[] {
  const pods = object.kind === 'Pod' ? [`${tenant}/pod/${object.name}`] : [];
  return [...pods, ...addresses.map((address) => `${tenant}/address/${address}`)];
}

/** Another namespace or cluster that is named excludes a binding. */
function fits({ entities: own }: EntityBinding, { namespace, cluster }: Entities): boolean {
  return (
    (namespace === undefined || own.namespace === undefined || own.namespace === namespace) &&
    (cluster === undefined || own.cluster === cluster)
  );
}

/** Clocks differ, and a binding is known a little after the pod began. */
const slackMs = 60_000;

/** The one that was there at this time, or else the last that ended. Null when several were: an address may be in two clusters. */
function best(found: readonly EntityBinding[], atMs: number): EntityBinding | null {
  const there = found.filter(
    ({ fromMs, toMs }) => fromMs <= atMs + slackMs && (toMs === null || toMs + slackMs >= atMs),
  );
  const open = there.filter(({ toMs }) => toMs === null);
  const [only, ...others] =
    open.length > 0 ? open : there.length > 0 ? there.sort((a, b) => b.fromMs - a.fromMs).slice(0, 1) : [];
  return only !== undefined && others.length === 0 ? only : null;
}

function addressOf(labels: Labels): string {
  for (const name of addressLabels) {
    const value = labels[name];
    if (typeof value === 'string' && isAddress(value)) return withoutPort(value);
  }
  return '';
}

/**
 * The cluster knows workload, node and zone. A service that the labels name stays, unless it only repeats a guessed workload. An address that
 * stood in for a node is none.
 */
function merged(entities: Entities, known: Entities, address: string): Entities {
  const { node, service, workload, ...rest } = entities;
  const isStandIn = service === undefined || service === workload || service === address;
  const ownNode = node === undefined || node === address ? {} : { node };
  const ownService = isStandIn ? {} : { service };
  return {
    ...rest,
    ...(known.workload === undefined && workload !== undefined && { workload }),
    ...known,
    ...ownNode,
    ...ownService,
  };
}

function teach(serviceNames: Pick<ServiceNames, 'learn'>, { scope, entities, object }: EntityBinding): void {
  if (object.kind !== 'Pod' || entities.workload === undefined) return;
  const { tenant, environment } = scope;
  const place = { scope: { tenant, environment: environment || unnamedEnvironment }, entities, serviceNamespace: '' };
  serviceNames.learn(place, 'telemetry');
}
