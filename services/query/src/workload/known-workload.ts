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
  /** The rollout that is not complete. Null: none. */
  readonly rollout: OpenRollout | null;
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

const container = z.looseObject({ name: z.string().catch(''), image: z.string().catch('') });
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
    rollout: rolloutOf(saved?.openChange ?? null),
  };
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
