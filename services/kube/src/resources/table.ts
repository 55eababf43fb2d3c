/** What is read of a cluster: one line for each kind. Watches and the RBAC rules are made from this table. */

/**
 * What a kind is read for. `changes`: its changes are reported. `state`: faults are found in it. `names`: it names pods, addresses and owners.
 */
export type Purpose = 'changes' | 'state' | 'names';

export interface ResourceKind {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly purposes: readonly Purpose[];
  /** Comes with a custom resource definition: most clusters lack it, which is no fault. */
  readonly isOptional: boolean;
}

const kind = (
  apiVersion: string,
  plural: string,
  name: string,
  purposes: readonly Purpose[],
  isOptional = false,
): ResourceKind => {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, plural, kind: name, purposes, isOptional };
};

export const resourceKinds: readonly ResourceKind[] = [
  kind('v1', 'namespaces', 'Namespace', ['names']),
  kind('v1', 'nodes', 'Node', ['changes', 'state', 'names']),
  kind('v1', 'pods', 'Pod', ['state', 'names']),
  kind('v1', 'events', 'Event', ['state']),
  kind('v1', 'services', 'Service', ['changes', 'state', 'names']),
  kind('v1', 'configmaps', 'ConfigMap', ['changes', 'state']),
  kind('v1', 'secrets', 'Secret', ['changes', 'state']),
  kind('v1', 'serviceaccounts', 'ServiceAccount', ['state']),
  kind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', ['state']),
  kind('v1', 'resourcequotas', 'ResourceQuota', ['changes', 'state']),
  kind('v1', 'limitranges', 'LimitRange', ['changes', 'state']),
  kind('apps/v1', 'deployments', 'Deployment', ['changes', 'state', 'names']),
  kind('apps/v1', 'statefulsets', 'StatefulSet', ['changes', 'state', 'names']),
  kind('apps/v1', 'daemonsets', 'DaemonSet', ['changes', 'state', 'names']),
  kind('apps/v1', 'replicasets', 'ReplicaSet', ['state', 'names']),
  kind('batch/v1', 'jobs', 'Job', ['state', 'names']),
  kind('batch/v1', 'cronjobs', 'CronJob', ['changes', 'names']),
  kind('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', ['changes', 'state']),
  kind('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', ['changes', 'state']),
  kind('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', ['state']),
  kind('networking.k8s.io/v1', 'ingresses', 'Ingress', ['changes']),
  kind('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', ['changes', 'state']),
  kind('storage.k8s.io/v1', 'storageclasses', 'StorageClass', ['state']),
  kind('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', [
    'changes',
  ]),
  kind('admissionregistration.k8s.io/v1', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', ['changes']),
  kind('argoproj.io/v1alpha1', 'applications', 'Application', ['changes', 'state'], true),
  kind('argoproj.io/v1alpha1', 'rollouts', 'Rollout', ['changes', 'names'], true),
  kind('kustomize.toolkit.fluxcd.io/v1', 'kustomizations', 'Kustomization', ['changes', 'state'], true),
  kind('helm.toolkit.fluxcd.io/v2', 'helmreleases', 'HelmRelease', ['changes', 'state'], true),
  kind('gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute', ['changes'], true),
  kind('cert-manager.io/v1', 'certificates', 'Certificate', ['changes', 'state'], true),
];

/** `deployments.apps`, `pods`: the name of a resource in RBAC, in settings and on the `config` topic. */
export function resourceName({ group, plural }: Pick<ResourceKind, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The path that lists a kind in all namespaces. */
export function listPath({ group, version, plural }: ResourceKind): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}

/** The kinds that are read for any of these purposes, without those that a setting leaves out. */
export function kindsFor(purposes: readonly Purpose[], leftOut: readonly string[] = []): readonly ResourceKind[] {
  return resourceKinds.filter(
    (entry) => entry.purposes.some((purpose) => purposes.includes(purpose)) && !leftOut.includes(resourceName(entry)),
  );
}
