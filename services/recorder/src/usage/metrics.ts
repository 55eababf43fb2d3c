/**
 * The metrics that say what containers use: of cAdvisor and the kubelet's resource endpoint, of kube-state-metrics, and of the
 * OpenTelemetry Collector's kubeletstats and k8s_cluster receivers.
 */
import type { Attributes, UsedResource } from '@faultline/model';

/** What the value of a point is. Counters may be of any temporality. */
export type UsageMeaning =
  | { readonly kind: 'counter'; readonly counts: UsageCounter }
  /** A use at this moment, in cores or bytes. */
  | { readonly kind: 'use'; readonly resource: UsedResource }
  /** A request or limit, in cores or bytes. */
  | { readonly kind: 'bound'; readonly bound: 'request' | 'limit'; readonly resource: UsedResource }
  /** The container was last ended because it ran out of memory. */
  | { readonly kind: 'outOfMemory' };

export const usageCounters = ['cpuSeconds', 'throttledPeriods', 'periods', 'restarts', 'oomEvents'] as const;
export type UsageCounter = (typeof usageCounters)[number];

type Reader = (point: { readonly attributes: Attributes; readonly value: number }) => UsageMeaning | null;

const counter =
  (counts: UsageCounter): Reader =>
  () => ({ kind: 'counter', counts });
const use =
  (resource: UsedResource): Reader =>
  () => ({ kind: 'use', resource });
const bound =
  (name: 'request' | 'limit', resource: UsedResource): Reader =>
  () => ({ kind: 'bound', bound: name, resource });

/** kube-state-metrics has one metric for all resources, with the resource as a label. */
const labelledBound =
  (name: 'request' | 'limit'): Reader =>
  ({ attributes }) => {
    const { resource } = attributes;
    return resource === 'cpu' || resource === 'memory' ? { kind: 'bound', bound: name, resource } : null;
  };

/** Old versions of cAdvisor have a series for each processor beside or instead of the total. */
const cpuTotal: Reader = ({ attributes: { cpu = 'total' } }) =>
  cpu === 'total' ? { kind: 'counter', counts: 'cpuSeconds' } : null;

const lastReason: Reader = ({ attributes, value }) =>
  attributes['reason'] === 'OOMKilled' && value > 0 ? { kind: 'outOfMemory' } : null;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['container_cpu_usage_seconds_total', cpuTotal],
  ['container.cpu.time', counter('cpuSeconds')],
  ['container.cpu.usage', use('cpu')],
  ['container_memory_working_set_bytes', use('memory')],
  ['container.memory.working_set', use('memory')],
  ['container_cpu_cfs_throttled_periods_total', counter('throttledPeriods')],
  ['container_cpu_cfs_periods_total', counter('periods')],
  ['container_oom_events_total', counter('oomEvents')],
  ['kube_pod_container_status_restarts_total', counter('restarts')],
  ['k8s.container.restarts', counter('restarts')],
  ['kube_pod_container_status_last_terminated_reason', lastReason],
  ['kube_pod_container_resource_requests', labelledBound('request')],
  ['kube_pod_container_resource_limits', labelledBound('limit')],
  ['k8s.container.cpu_request', bound('request', 'cpu')],
  ['k8s.container.cpu_limit', bound('limit', 'cpu')],
  ['k8s.container.memory_request', bound('request', 'memory')],
  ['k8s.container.memory_limit', bound('limit', 'memory')],
]);

/** The metrics that are read, for the documents. */
export const usageMetricNames: readonly string[] = [...readers.keys()];

/** Whether points of a metric may say something. One lookup, because it is made for every point that comes in. */
export function isUsageMetric(metric: string): boolean {
  return readers.has(metric);
}

/** What a point says; null: nothing about the use of a container. */
export function usageMeaning(point: {
  readonly metric: string;
  readonly attributes: Attributes;
  readonly value: number;
}): UsageMeaning | null {
  return readers.get(point.metric)?.(point) ?? null;
}
