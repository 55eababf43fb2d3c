/** What is kept in memory of the records of a cluster: the few fields that the API shows. Pure. */
import type { ClusterObject, EntityBinding, ObjectReference, Rollout, Scope } from '@faultline/model';
import { z } from 'zod';

/** A workload as its last reported version has it. */
export interface KnownWorkload {
  readonly scope: Scope;
  readonly cluster: string;
  readonly object: ObjectReference;
  /** When it last changed; 0: not since it is watched. */
  readonly changedAtMs: number;
  /** Null: the kind has no such number. */
  readonly replicas: number | null;
  readonly images: readonly { readonly container: string; readonly image: string }[];
  /** Requests and limits by container. Null: not set. */
  readonly resources: Readonly<Record<string, ContainerResources>>;
  /** The rollout that is not complete. Null: none. */
  readonly rollout: OpenRollout | null;
}

/** Cores and bytes. */
export interface ContainerResources {
  readonly cpu: Bounds;
  readonly memory: Bounds;
}

interface Bounds {
  readonly request: number | null;
  readonly limit: number | null;
}

export interface OpenRollout extends Rollout {
  readonly changeId: string;
  readonly actor: string;
  readonly startedAtMs: number;
}

/** A pod that exists, or that ended within the last day. */
export interface KnownPod {
  readonly scope: Scope;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly service: string;
  readonly workload: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

const quantities = z.record(z.string(), z.union([z.string(), z.number()])).catch({});
const container = z.looseObject({
  name: z.string().catch(''),
  image: z.string().catch(''),
  resources: z.looseObject({ requests: quantities, limits: quantities }).catch({ requests: {}, limits: {} }),
});
const template = z.looseObject({ spec: z.looseObject({ containers: z.array(container) }) });
/** Anything that does not fit is left out: a body is as a cluster sent it. */
const savedBody = z.looseObject({
  body: z.looseObject({
    spec: z
      .looseObject({
        replicas: z.number().optional().catch(undefined),
        template: template.optional().catch(undefined),
        jobTemplate: z
          .looseObject({ spec: z.looseObject({ template }) })
          .optional()
          .catch(undefined),
      })
      .catch({}),
  }),
  openChange: z.string().nullable().catch(null),
});
const openChange = z.looseObject({
  id: z.string(),
  actor: z.string(),
  startedAtMs: z.number(),
  cluster: z.looseObject({
    rollout: z.looseObject({
      state: z.enum(['progressing', 'complete', 'stuck', 'superseded', 'paused']),
      reason: z.string(),
      updated: z.number(),
      available: z.number(),
      desired: z.number(),
      atMs: z.number(),
    }),
  }),
});

/** Resources that are workloads. */
export const workloadResources: ReadonlySet<string> = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'rollouts.argoproj.io',
]);

/** Kinds whose specification has a number of replicas; it is 1 where it is left out. */
const replicated: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'Rollout']);

/** Never fails: what the body does not say is empty. */
export function knownWorkload({ scope, cluster, object, changedAtMs, body }: ClusterObject): KnownWorkload {
  const saved = parsed(savedBody, body);
  const spec = saved?.body.spec;
  const containers = (spec?.template ?? spec?.jobTemplate?.spec.template)?.spec.containers ?? [];
  return {
    scope,
    cluster,
    object,
    changedAtMs,
    replicas: replicated.has(object.kind) ? (spec?.replicas ?? 1) : null,
    images: containers.map(({ name, image }) => ({ container: name, image })),
    resources: Object.fromEntries(containers.map(({ name, resources }) => [name, resourcesOf(resources)])),
    rollout: rolloutOf(saved?.openChange ?? null),
  };
}

type Quantities = Readonly<Record<string, string | number>>;

function resourcesOf({
  requests,
  limits,
}: {
  readonly requests: Quantities;
  readonly limits: Quantities;
}): ContainerResources {
  const bounds = (name: string) => ({ request: quantityOf(requests[name]), limit: quantityOf(limits[name]) });
  return { cpu: bounds('cpu'), memory: bounds('memory') };
}

/** The suffixes of Kubernetes' quantities: `resource.Quantity` of its API. */
const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `250m` is 0.25, `1Gi` is 1,073,741,824. Null: it is not set, or is no quantity. */
function quantityOf(quantity: string | number | undefined): number | null {
  const [, number = '', suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity ?? '')) ?? [];
  const value = Number(number) * (suffixes[suffix] ?? Number.NaN);
  return number === '' || !Number.isFinite(value) ? null : value;
}

function rolloutOf(text: string | null): OpenRollout | null {
  const open = text === null ? undefined : parsed(openChange, text);
  if (open === undefined) return null;
  const { id, actor, startedAtMs, cluster } = open;
  const { state, reason, updated, available, desired, atMs } = cluster.rollout;
  return { changeId: id, actor, startedAtMs, state, reason, updated, available, desired, atMs };
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Null: the binding is of no pod of a workload. */
export function knownPod({ scope, cluster, object, entities, fromMs, toMs }: EntityBinding): KnownPod | null {
  const { workload, service = '', node = '' } = entities;
  if (object.kind !== 'Pod' || workload === undefined) return null;
  const { namespace, name } = object;
  return { scope, cluster, namespace, name, node, service, workload: plainName(workload, namespace), fromMs, toMs };
}

/** A name that two namespaces use carries its namespace: `shop/pay` is `pay` in `shop`. */
export function plainName(workload: string, namespace: string): string {
  return workload.startsWith(`${namespace}/`) ? workload.slice(namespace.length + 1) : workload;
}
