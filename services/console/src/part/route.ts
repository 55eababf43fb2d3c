export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'sources' }
  | { readonly page: 'mapping'; readonly source: string }
  | { readonly page: 'incident'; readonly id: string }
  | ({ readonly page: 'alert' } & AlertNames)
  | { readonly page: 'workloads' }
  | ({ readonly page: 'workload' } & WorkloadNames)
  | { readonly page: 'none' };

/** An alert over its life at its source. */
export interface AlertNames {
  readonly source: string;
  readonly fingerprint: string;
}

/** A workload by the names in its path. An empty cluster: the only one that has it. */
export interface WorkloadNames {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** The page that a path names. A slash at the end makes no difference. */
export function routeOf(path: string): Route {
  const parts = decoded(path.replace(/\/$/, '').split('/').slice(1));
  if (parts === null) return { page: 'none' };
  const [page, ...rest] = parts;
  if (page === undefined) return { page: 'list' };
  const [first = '', namespace = '', kind = '', name = ''] = rest;
  if (rest.some((part) => part === '')) return { page: 'none' };
  if (page === 'incidents' && rest.length === 1) return { page: 'incident', id: first };
  if (page === 'alerts' && rest.length === 2) return { page: 'alert', source: first, fingerprint: rest[1] ?? '' };
  if (page === 'sources' && rest.length === 0) return { page: 'sources' };
  if (page === 'mapping' && rest.length <= 1) return { page: 'mapping', source: first };
  if (page === 'workloads' && rest.length === 0) return { page: 'workloads' };
  if (page === 'workloads' && rest.length === 4)
    return { page: 'workload', cluster: first === anyCluster ? '' : first, namespace, kind, name };
  return { page: 'none' };
}

/** Stands in a path for a cluster that is not known. */
const anyCluster = '-';

function decoded(parts: readonly string[]): readonly string[] | null {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** The page that says why an alert was paged or not. */
export function alertPath({ source, fingerprint }: AlertNames): string {
  return `/alerts/${encodeURIComponent(source)}/${encodeURIComponent(fingerprint)}`;
}

/** The page of a workload. */
export function workloadPath({ cluster, namespace, kind, name }: WorkloadNames): string {
  return ['/workloads', ...[cluster || anyCluster, namespace, kind, name].map(encodeURIComponent)].join('/');
}

const workloadKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Rollout',
]);

/** The page of the object of a fault. Null: it is no workload. */
export function workloadPathOf(object: Omit<WorkloadNames, 'cluster'> | null): string | null {
  return object !== null && workloadKinds.has(object.kind) ? workloadPath({ cluster: '', ...object }) : null;
}
