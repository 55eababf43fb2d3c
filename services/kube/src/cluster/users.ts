/** Which workloads an object concerns: who mounts a Secret, what an autoscaler scales, what a Service selects. Pure. */
import type { ObjectReference } from '@faultline/model';
import { at, type Json, type JsonObject, list, text, textMap } from '../api/json.ts';
import { templateOf } from '../change/rollout.ts';
import type { ObservedObject } from '../decode/object.ts';
import type { ClusterModel, KnownObject } from './model.ts';
import { fitsSelector, isWorkload, workloadResources } from './workload.ts';

/** One place of a pod's template that refers to a ConfigMap, Secret, claim or account. */
export interface PodReference {
  readonly target: ObjectReference;
  /** The key that is read; empty: all of them. */
  readonly key: string;
  /** Within the pod: `spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef`. */
  readonly field: string;
  /** The pod starts without it. */
  readonly isOptional: boolean;
  /** How the field uses it: an `env` reference stops the container, a `volume` stops the pod. */
  readonly usedAs: 'env' | 'volume' | 'account' | 'pull';
}

/** The references of a pod's spec, in the order of its fields. */
export function referencesOf(spec: JsonObject, namespace: string): readonly PodReference[] {
  const containers = (['initContainers', 'containers'] as const).flatMap((part) =>
    list(spec, part).flatMap((container) =>
      referencesOfContainer(container, `spec.${part}[${text(container, 'name')}]`, namespace),
    ),
  );
  const volumes = list(spec, 'volumes').flatMap((volume) =>
    referencesOfVolume(volume, `spec.volumes[${text(volume, 'name')}]`, namespace),
  );
  const pulls = list(spec, 'imagePullSecrets').map((entry) =>
    reference('Secret', entry, { field: `spec.imagePullSecrets[${text(entry, 'name')}]`, namespace, usedAs: 'pull' }),
  );
  const account = text(spec, 'serviceAccountName');
  const accounts: PodReference[] =
    account === ''
      ? []
      : [
          {
            target: { kind: 'ServiceAccount', namespace, name: account },
            key: '',
            field: 'spec.serviceAccountName',
            isOptional: false,
            usedAs: 'account',
          },
        ];
  return [...containers, ...volumes, ...pulls, ...accounts].filter(({ target }) => target.name !== '');
}

interface Place {
  readonly field: string;
  readonly namespace: string;
  readonly usedAs: PodReference['usedAs'];
  readonly nameKey?: string;
}

function reference(kind: string, part: Json, { field, namespace, usedAs, nameKey = 'name' }: Place): PodReference {
  return {
    target: { kind, namespace, name: text(part, nameKey) },
    key: text(part, 'key'),
    field,
    isOptional: at(part)['optional'] === true,
    usedAs,
  };
}

function referencesOfContainer(container: JsonObject, field: string, namespace: string): PodReference[] {
  const variables = list(container, 'env').flatMap((variable) => {
    const place = { field: `${field}.env[${text(variable, 'name')}].valueFrom`, namespace, usedAs: 'env' } as const;
    return [
      reference('Secret', at(variable, 'valueFrom', 'secretKeyRef'), {
        ...place,
        field: `${place.field}.secretKeyRef`,
      }),
      reference('ConfigMap', at(variable, 'valueFrom', 'configMapKeyRef'), {
        ...place,
        field: `${place.field}.configMapKeyRef`,
      }),
    ];
  });
  const sources = list(container, 'envFrom').flatMap((source) => {
    const place = { field: `${field}.envFrom`, namespace, usedAs: 'env' } as const;
    return [
      reference('Secret', at(source, 'secretRef'), { ...place, field: `${place.field}.secretRef` }),
      reference('ConfigMap', at(source, 'configMapRef'), { ...place, field: `${place.field}.configMapRef` }),
    ];
  });
  return [...variables, ...sources];
}

function referencesOfVolume(volume: JsonObject, field: string, namespace: string): PodReference[] {
  const place = { field, namespace, usedAs: 'volume' } as const;
  const keysOf = (part: Json, base: PodReference): PodReference[] => {
    const keys = list(part, 'items').map((item) => text(item, 'key'));
    return keys.length === 0 ? [base] : keys.map((key) => ({ ...base, key }));
  };
  const direct = [
    ...keysOf(
      at(volume, 'secret'),
      reference('Secret', at(volume, 'secret'), { ...place, field: `${field}.secret`, nameKey: 'secretName' }),
    ),
    ...keysOf(
      at(volume, 'configMap'),
      reference('ConfigMap', at(volume, 'configMap'), { ...place, field: `${field}.configMap` }),
    ),
    reference('PersistentVolumeClaim', at(volume, 'persistentVolumeClaim'), {
      ...place,
      field: `${field}.persistentVolumeClaim`,
      nameKey: 'claimName',
    }),
  ];
  const projected = list(volume, 'projected', 'sources').flatMap((source) => [
    ...keysOf(
      at(source, 'secret'),
      reference('Secret', at(source, 'secret'), { ...place, field: `${field}.projected.secret` }),
    ),
    ...keysOf(
      at(source, 'configMap'),
      reference('ConfigMap', at(source, 'configMap'), { ...place, field: `${field}.projected.configMap` }),
    ),
  ]);
  return [...direct, ...projected];
}

/** The spec of the pods that a workload makes. */
export function podSpecOf({ reference: { kind }, body }: ObservedObject): JsonObject {
  if (kind === 'Pod') return at(body, 'spec');
  return kind === 'CronJob'
    ? at(body, 'spec', 'jobTemplate', 'spec', 'template', 'spec')
    : at(templateOf(body) ?? {}, 'spec');
}

/** The labels of the pods that a workload makes; of a pod, its own. */
export function podLabelsOf({ reference: { kind }, labels, body }: ObservedObject): Readonly<Record<string, string>> {
  if (kind === 'Pod') return labels;
  const template = kind === 'CronJob' ? at(body, 'spec', 'jobTemplate', 'spec', 'template') : (templateOf(body) ?? {});
  return textMap(template, 'metadata', 'labels');
}

function* workloadsIn(model: ClusterModel, namespace: string): Generator<KnownObject> {
  for (const resource of workloadResources)
    for (const known of model.all(resource, namespace)) if (known.observed.owner === null) yield known;
}

/** The workloads that an object concerns, sorted by name. */
export function concernedBy(model: ClusterModel, observed: ObservedObject): readonly ObjectReference[] {
  const { reference: self, body } = observed;
  if (isWorkload(self)) return [self];
  const workloads = [...workloadsIn(model, self.namespace)];
  const found = workloads.filter(({ observed: workload }) => isConcerned(workload, self, body));
  return found.map(({ observed: { reference: found } }) => found).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isConcerned(workload: ObservedObject, self: ObjectReference, body: JsonObject): boolean {
  const labels = podLabelsOf(workload);
  const { kind, name } = workload.reference;
  switch (self.kind) {
    case 'Secret':
    case 'ConfigMap':
    case 'ServiceAccount':
    case 'PersistentVolumeClaim':
      return referencesOf(podSpecOf(workload), self.namespace).some(
        ({ target }) => target.kind === self.kind && target.name === self.name,
      );
    case 'HorizontalPodAutoscaler':
      return (
        text(body, 'spec', 'scaleTargetRef', 'name') === name && text(body, 'spec', 'scaleTargetRef', 'kind') === kind
      );
    case 'Service':
      return selects(textMap(body, 'spec', 'selector'), labels);
    case 'PodDisruptionBudget':
      return fitsSelector(labels, at(body, 'spec', 'selector'));
    case 'NetworkPolicy':
      return fitsSelector(labels, at(body, 'spec', 'podSelector'));
    default:
      return false;
  }
}

/** A Service without a selector has endpoints that somebody else writes. */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
