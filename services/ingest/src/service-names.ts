/**
 * Which names of services are used in more than one namespace. Such a name becomes `namespace/name`; every other stays as it is. What is known
 * is learned from telemetry, so that a name may change once, when its second namespace is first heard of. See docs/adr/0024-service-names.md.
 */
import { type Entities, type Labels, type Scope, scopeKey } from '@faultline/model';

/** The namespaces of a record's service: that of OpenTelemetry, which takes precedence, and that of Kubernetes. Empty: unknown. */
export interface ServicePlace {
  readonly scope: Scope;
  readonly entities: Entities;
  /** `service.namespace`. */
  readonly serviceNamespace: string;
}

export interface ServiceNames {
  /** Remembers a namespace. What alerts say counts only for names that no telemetry has: their `namespace` may be a scraper's. */
  learn(place: ServicePlace, from: 'telemetry' | 'alert'): void;
  /** The entities, with the namespace before each name that several namespaces use. */
  qualify(place: ServicePlace): Entities;
  /** `name` as somebody in this namespace of Kubernetes means it. */
  qualifyName(scope: Scope, name: string, namespace: string): string;
  /** False: no name of this scope is used twice. */
  hasShared(scope: Scope): boolean;
}

/** One name in one scope. */
interface Known {
  isFromTelemetry: boolean;
  readonly serviceNamespaces: Set<string>;
  readonly kubernetesNamespaces: Set<string>;
  /** From a namespace of Kubernetes to the `service.namespace` seen beside it. */
  readonly byKubernetes: Map<string, string>;
}

const maxNames = 100_000;
const maxNamespaces = 64;

/** The place of a record's service, from its labels or attributes. */
export function placeOf(scope: Scope, entities: Entities, labels: Labels): ServicePlace {
  const [jobNamespace, jobName] = (labels['job'] ?? '').split('/');
  // OpenTelemetry's rule for Prometheus: a job is `service.namespace/service.name`.
  const ofJob = jobName !== undefined && jobName === entities.service ? (jobNamespace ?? '') : '';
  return { scope, entities, serviceNamespace: labels['service.namespace'] ?? labels['service_namespace'] ?? ofJob };
}

/** Knows nothing but the names that a setting calls shared. */
export function createServiceNames(shared: readonly string[] = []): ServiceNames {
  const names = new Map<string, Known>();
  const sharedInScope = new Map<string, number>();
  const always = new Set(shared);
  const isShared = (name: string, known: Known | undefined) =>
    always.has(name) || (known !== undefined && isTwice(known));

  const learn: ServiceNames['learn'] = (place, from) => {
    const scope = scopeKey(place.scope);
    for (const name of namesOf(place.entities)) {
      const known = upsert(names, `${scope}/${name}`);
      const before = isTwice(known);
      remember(known, place, from);
      if (!before && isTwice(known)) sharedInScope.set(scope, (sharedInScope.get(scope) ?? 0) + 1);
    }
  };
  const qualified = (name: string, { scope, entities, serviceNamespace }: ServicePlace): string => {
    const kubernetes = kubernetesOf(entities, serviceNamespace);
    for (const key of scopesOf(scope)) {
      const known = names.get(`${key}/${name}`);
      const namespace = isShared(name, known) ? namespaceOf(known, { serviceNamespace, kubernetes }) : '';
      if (namespace !== '') return `${namespace}/${name}`;
    }
    return name;
  };
  /** Whoever names no environment may mean any of the tenant's. */
  const scopesOf = (scope: Scope): readonly string[] => {
    const own = scopeKey(scope);
    if (scope.environment !== '') return [own];
    return [own, ...[...sharedInScope.keys()].filter((key) => key !== own && key.startsWith(own)).sort()];
  };
  const mayBeShared = (scope: Scope) =>
    always.size > 0 || scopesOf(scope).some((key) => (sharedInScope.get(key) ?? 0) > 0);
  return {
    learn,
    qualify: (place) => {
      const { service, workload } = place.entities;
      if (!mayBeShared(place.scope)) return place.entities;
      return {
        ...place.entities,
        ...(service === undefined ? {} : { service: qualified(service, place) }),
        ...(workload === undefined ? {} : { workload: qualified(workload, place) }),
      };
    },
    qualifyName: (scope, name, namespace) => qualified(name, { scope, entities: { namespace }, serviceNamespace: '' }),
    hasShared: mayBeShared,
  };
}

function namesOf({ service, workload }: Entities): string[] {
  return [...new Set([service ?? '', workload ?? ''])].filter((name) => name !== '');
}

function upsert(names: Map<string, Known>, key: string): Known {
  const known = names.get(key);
  if (known !== undefined) return known;
  const created: Known = {
    isFromTelemetry: false,
    serviceNamespaces: new Set(),
    kubernetesNamespaces: new Set(),
    byKubernetes: new Map(),
  };
  if (names.size < maxNames) names.set(key, created);
  return created;
}

/** `namespace` holds `service.namespace` where Kubernetes says nothing. */
function kubernetesOf({ namespace = '' }: Entities, serviceNamespace: string): string {
  return namespace === serviceNamespace ? '' : namespace;
}

function remember(known: Known, { entities, serviceNamespace }: ServicePlace, from: 'telemetry' | 'alert'): void {
  if (from === 'alert' && known.isFromTelemetry) return;
  if (from === 'telemetry' && !known.isFromTelemetry) {
    known.isFromTelemetry = true;
    known.serviceNamespaces.clear();
    known.kubernetesNamespaces.clear();
    known.byKubernetes.clear();
  }
  const kubernetes = kubernetesOf(entities, serviceNamespace);
  if (serviceNamespace !== '') addTo(known.serviceNamespaces, serviceNamespace);
  if (kubernetes !== '') addTo(known.kubernetesNamespaces, kubernetes);
  if (serviceNamespace !== '' && kubernetes !== '' && known.byKubernetes.size < maxNamespaces)
    known.byKubernetes.set(kubernetes, serviceNamespace);
}

function addTo(namespaces: Set<string>, namespace: string): void {
  if (namespaces.size < maxNamespaces) namespaces.add(namespace);
}

/** Where some sender sets `service.namespace`, that alone decides: the namespace of Kubernetes may be called otherwise. */
function isTwice({ serviceNamespaces, kubernetesNamespaces }: Known): boolean {
  return serviceNamespaces.size === 0 ? kubernetesNamespaces.size > 1 : serviceNamespaces.size > 1;
}

function namespaceOf(
  known: Known | undefined,
  { serviceNamespace, kubernetes }: { readonly serviceNamespace: string; readonly kubernetes: string },
): string {
  if (known === undefined || known.serviceNamespaces.size === 0) return serviceNamespace || kubernetes;
  for (const candidate of [serviceNamespace, kubernetes]) {
    if (known.serviceNamespaces.has(candidate)) return candidate;
    const mapped = known.byKubernetes.get(candidate);
    if (mapped !== undefined) return mapped;
  }
  return '';
}
