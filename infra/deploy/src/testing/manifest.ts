/** For tests: rendered Kubernetes objects and their Faultline processes. */
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IContainer, IPodSpec } from 'kubernetes-models/v1';
import type { DeployedProcess } from './process.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: IPodSpec;
  readonly container: IContainer;
  readonly process: DeployedProcess;
}

export function ofKind<Item>(objects: readonly Manifest[], kind: string): readonly (Manifest & Item)[] {
  return objects.filter((object) => object.kind === kind) as (Manifest & Item)[];
}

/** Every workload that runs Faultline. Each has one container. */
export function workloadsIn(objects: readonly Manifest[]): readonly Workload[] {
  const sets = [...ofKind<IDeployment>(objects, 'Deployment'), ...ofKind<IStatefulSet>(objects, 'StatefulSet')];
  return sets.map((set) => {
    const { template } = (set as IDeployment).spec ?? {};
    const pod = template?.spec;
    const container = pod?.containers[0];
    if (pod === undefined || container === undefined) throw new Error(`${set.metadata.name} has no container`);
    const { name } = set.metadata;
    const process = processOf(name, pod, container, objects);
    return { name, labels: template?.metadata?.labels ?? {}, pod, container, process };
  });
}

function processOf(name: string, pod: IPodSpec, container: IContainer, objects: readonly Manifest[]): DeployedProcess {
  const files: Record<string, string> = {};
  const secretFiles: string[] = [];
  for (const { name: volumeName, mountPath } of container.volumeMounts ?? []) {
    const volume = pod.volumes?.find((candidate) => candidate.name === volumeName);
    const map = ofKind<IConfigMap>(objects, 'ConfigMap').find(
      ({ metadata }) => metadata.name === volume?.configMap?.name,
    );
    for (const [file, text] of Object.entries(map?.data ?? {})) files[`${mountPath}/${file}`] = text;
    if (volume?.secret !== undefined) secretFiles.push(`${mountPath}/password`);
    for (const source of volume?.projected?.sources ?? [])
      secretFiles.push(...(source.secret?.items ?? []).map(({ path }) => `${mountPath}/${path}`));
  }
  return { name, args: container.args ?? [], files, secretFiles };
}

/** Whether a selector matches a pod with these labels. */
export function selects(
  selector: { readonly matchLabels?: object; readonly matchExpressions?: readonly Requirement[] } | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const fitting = (selector?.matchExpressions ?? []).every(({ key, values }) => values?.includes(labels[key] ?? ''));
  return equal && fitting;
}

interface Requirement {
  readonly key: string;
  readonly values?: readonly string[];
}
