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
  const label = labelOfKind[object.kind] ?? object.kind.toLowerCase();
  return labels[label] === object.name;
}
