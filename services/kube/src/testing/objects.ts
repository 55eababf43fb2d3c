/** Objects for tests, as short as the API allows. */
import type { JsonObject } from '../api/json.ts';

type Draft = JsonObject & { readonly metadata: JsonObject };

export interface DeploymentSpec {
  readonly image?: string;
  readonly replicas?: number;
  readonly env?: readonly JsonObject[];
  readonly namespace?: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  /** On top of the pod's spec. */
  readonly pod?: JsonObject;
  /** On top of the container. */
  readonly container?: JsonObject;
}

export function deployment(name: string, spec: DeploymentSpec = {}): Draft {
  const {
    image = `${name}:1`,
    replicas = 3,
    env = [],
    namespace = 'shop',
    labels = {},
    annotations = {},
    pod = {},
    container = {},
  } = spec;
  return {
    metadata: { namespace, name, labels: { app: name, ...labels }, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image, env, ...container }], ...pod },
      },
    },
  };
}

/** The status of a Deployment whose rollout is complete. */
export function complete(generation: number, replicas = 3): JsonObject {
  return {
    observedGeneration: generation,
    replicas,
    updatedReplicas: replicas,
    availableReplicas: replicas,
    readyReplicas: replicas,
    conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
  };
}

export function secret(name: string, data: Readonly<Record<string, string>>, namespace = 'shop'): Draft {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { metadata: { namespace, name }, type: 'Opaque', data: Object.fromEntries(encoded) };
}

export function configMap(name: string, data: JsonObject, namespace = 'shop'): Draft {
  return { metadata: { namespace, name }, data };
}
