/** Whether an alert is about the object of a fault that a cluster reports. */
import type { WorkloadFinding } from '@faultline/model';
import type { RankedAlert } from './ranking.ts';

type Alert = Pick<RankedAlert, 'entities'> & Partial<Pick<RankedAlert, 'labels'>>;
type Fault = Pick<WorkloadFinding, 'entities' | 'object'>;

/** Labels by which exporters name an object, where it is not the kind in lower case (kube-state-metrics, cert-manager). */
const labelOfKind: Readonly<Record<string, string>> = { Job: 'job_name', Certificate: 'name' };

/** By the service or workload that both name, or by the label that exporters have for objects of this kind. */
export function isAboutFault({ entities, labels = {} }: Alert, { entities: faulted, object }: Fault): boolean {
  const { namespace = object.namespace } = faulted;
  if ((entities.namespace ?? namespace) !== namespace && entities.node === undefined) return false;
  const { service, workload, node } = faulted;
  if (service === undefined && workload === undefined && node !== undefined) return entities.node === node;
  const alerted = [entities.service, entities.workload].filter((name) => name !== undefined);
  if (alerted.some((name) => name === service || name === workload)) return true;
  if (entities.pod !== undefined && object.kind === 'Pod') return entities.pod === object.name;
  return labels[labelOf(object)] === object.name;
}

/** Keys of a fault. An alert about the fault has one of them, unless the fault is of a node. */
export function faultKeys({ entities: { service, workload }, object }: Fault): string[] {
  const names = [service, workload].filter((name) => name !== undefined);
  const pod = object.kind === 'Pod' ? [podKey(object.name)] : [];
  return [...new Set([...names.map(nameKey), ...pod, labelKey(labelOf(object), object.name)])];
}

/** Keys of the faults that an alert may be about. */
export function alertedFaultKeys({ entities: { service, workload, pod }, labels = {} }: Alert): string[] {
  const names = [service, workload].filter((name) => name !== undefined);
  return [
    ...names.map(nameKey),
    ...(pod === undefined ? [] : [podKey(pod)]),
    ...Object.entries(labels).map(([label, value]) => labelKey(label, value)),
  ];
}

function labelOf({ kind }: Fault['object']): string {
  return labelOfKind[kind] ?? kind.toLowerCase();
}

const nameKey = (name: string): string => `name:${name}`;
const podKey = (name: string): string => `pod:${name}`;
const labelKey = (label: string, value: string): string => `label:${label}=${value}`;
