import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { driftConfig } from './drift/config.ts';
import { resourceKinds, resourceName } from './resources/table.ts';

const count = (value: number, text: string) => z.int().positive().default(value).describe(text);

const names = resourceKinds.map(resourceName);

/** The section `kube` of the configuration. */
export const kubeConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe('Watch a cluster. `--only kube` needs it, too, so that an empty configuration watches nothing.'),
  cluster: z
    .string()
    .regex(/^[^/]{1,100}$/)
    .default('kubernetes')
    .describe('The name of the cluster, as alerts and telemetry name it (`k8s.cluster.name`, `cluster`).'),
  tenant: z.string().min(1).default('default').describe('The tenant that the cluster belongs to.'),
  environment: z.string().default('').describe('The environment of the cluster. Empty: it names none.'),
  kubeconfig: z
    .string()
    .default('')
    .describe('A kubeconfig file. Empty: `KUBECONFIG`, `~/.kube/config`, or the service account of the pod.'),
  context: z.string().default('').describe('The context of the kubeconfig. Empty: its current one.'),
  leftOut: z
    .array(z.enum(names as [string, ...string[]]))
    .default([])
    .describe('Kinds that are not read, such as `secrets`.'),
  hashKey: secret()
    .optional()
    .describe(
      'The salt of the hashes that stand for values of Secrets and ConfigMaps. Without one it is drawn once and kept in the log.',
    ),
  leaseNamespace: z
    .string()
    .default('')
    .describe('The namespace of the Lease that elects one of several processes. Empty: no election.'),
  leaseDurationMs: count(15_000, 'Another process takes over when the Lease was not renewed for this long.'),
  listPageSize: count(500, 'Objects that one request lists.'),
  watchMs: count(300_000, 'How long one watch request runs, about.'),
  retryBaseMs: count(500, 'First wait after the API server failed. It doubles with each failure, with jitter.'),
  retryMaxMs: count(30_000, 'Longest such wait.'),
  positionMs: count(10_000, 'How often the position of a quiet watch is saved.'),
  addressMemoryMs: count(86_400_000, 'How long the addresses of a pod that ended are remembered.'),
  drift: driftConfig.prefault({}),
});
export type KubeConfig = z.infer<typeof kubeConfig>;
