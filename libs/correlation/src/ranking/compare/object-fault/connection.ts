/** How closely a fault that a cluster reports is connected with what alerts. */
import type { WorkloadFinding } from '@faultline/model';
import { isAboutFault } from '../../input/alerted-fault.ts';
import { reachableFrom } from '../../rows/service-graph.ts';
import type { Comparison } from '../comparison.ts';
import { isWorse } from '../worse.ts';

export type ConnectionInputs = Pick<
  Comparison,
  'input' | 'alerting' | 'callees' | 'edges' | 'degraded' | 'traced' | 'presence'
>;

/** Its own alert, or harm that its calls show: nothing is missing between the fault and the symptom. */
const direct = 1;
/** An alerting service calls it, and nothing shows whether it still answers. */
const called = 0.8;
/** An alerting service calls it, and its calls are as before. */
const calledAndHealthy = 0.3;
/** Nothing shows who calls whom, and no fault is what alerts. A namespace is often one product. */
const sameNamespace = 0.4;
const unconnected = 0.05;

/** The service that a fault is about, by the name that alerts and spans have for it. Otherwise its node, or the object itself. */
export function faultedService({ entities, object }: Pick<WorkloadFinding, 'entities' | 'object'>): string {
  return entities.service ?? entities.workload ?? entities.node ?? object.name;
}

/** 1 where the fault is what alerts, or alerting services surely feel it; near 0 where nothing but the time connects them. */
export function connectionOf(inputs: ConnectionInputs, finding: WorkloadFinding): number {
  const { service, workload, node } = finding.entities;
  if (service === undefined && workload === undefined && node !== undefined) return nodeConnection(inputs, node);
  if (inputs.input.alerts.some((alert) => isAboutFault(alert, finding))) return direct;
  if (isDnsOfAlerts(inputs, finding)) return isExplained(inputs) ? unconnected : called;
  return serviceConnection(inputs, faultedService(finding), finding.entities.namespace ?? '');
}

/** What alerts has a fault of its own: no other one is needed where nothing shows that the two are connected. */
function isExplained({ input: { alerts, findings = [] } }: ConnectionInputs): boolean {
  return findings.some((other) => alerts.some((alert) => isAboutFault(alert, other)));
}

/** Every service looks up names, and no trace shows it. A fault of the service that answers them counts as the outage does. */
function isDnsOfAlerts({ input: { alerts, findings = [] } }: ConnectionInputs, finding: WorkloadFinding): boolean {
  const { cluster } = finding.entities;
  const isOfCluster = alerts.some(({ entities }) => (entities.cluster ?? cluster) === cluster);
  const isSame = (other: WorkloadFinding) =>
    other.entities.cluster === cluster && faultedService(other) === faultedService(finding);
  return isOfCluster && findings.some((other) => other.mechanism === 'dns-down' && isSame(other));
}

function serviceConnection(inputs: ConnectionInputs, service: string, namespace: string): number {
  const { alerting, callees, traced } = inputs;
  const known = [...alerting].filter((name) => callees.has(name));
  if (known.some((name) => reachableFrom(callees, name).has(service)))
    return isHarmed(inputs, service) ? direct : traced.has(service) ? calledAndHealthy : called;
  if (known.length > 0) return unconnected;
  const { alerts } = inputs.input;
  const isNeighbour = namespace !== '' && alerts.some(({ entities }) => entities.namespace === namespace);
  return isNeighbour && !isExplained(inputs) ? sameNamespace : unconnected;
}

/** Whether it answers worse, or calls to it do. Pods that are gone send no spans, so often only callers tell. */
export function isHarmed({ degraded, edges }: Pick<Comparison, 'degraded' | 'edges'>, service: string): boolean {
  return degraded.has(service) || edges.some((edge) => edge.callee === service && isWorse(edge));
}

/** A node is felt by the services that run on it. */
function nodeConnection({ input, alerting, degraded, presence }: ConnectionInputs, node: string): number {
  if (input.alerts.some(({ entities }) => entities.node === node)) return direct;
  const here = new Set(presence.filter((row) => row.node === node).map(({ service }) => service));
  if ([...here].some((service) => degraded.has(service))) return called;
  return [...here].some((service) => alerting.has(service)) ? calledAndHealthy : unconnected;
}
