/** Requests and limits of every container against its use. Pure: `listing.ts` reads the store and answers requests. */
import type { ContainerDay, ContainerKey, ContainerPod, ContainerUsage } from '@faultline/store';
import type { RightsizingConfig } from './config.ts';
import { idlePods } from './idle.ts';
import { type Freeable, freeableOf } from './price.ts';
import { type Bounds, measuredHours, type Recommendation, recommendCpu, recommendMemory } from './recommend.ts';
import { equalWeight, highestUse, sampleHistogram, useAt } from './use.ts';

/** What the specification of a workload says of one of its containers. What it sets counts before what metrics say. */
export interface DeclaredContainer {
  readonly kind: string;
  readonly team: string;
  readonly cpu: Bounds;
  readonly memory: Bounds;
}

/** Looks up the specification; null: the cluster is not watched, or the workload is gone. */
export type DeclaredContainers = (key: ContainerKey) => DeclaredContainer | null;

export interface ResourceRightsizing extends Bounds {
  readonly p95: number | null;
  readonly max: number | null;
  readonly measuredHours: number;
  /** Null: too little data. */
  readonly recommendation: Recommendation | null;
}

export interface ContainerRightsizing extends ContainerKey {
  /** Empty: not known. */
  readonly kind: string;
  readonly team: string;
  /** The mean of the last day. */
  readonly replicas: number;
  readonly idleReplicas: number;
  readonly cpu: ResourceRightsizing;
  readonly memory: ResourceRightsizing;
  /** 0 to 1; null: not measured, or no CPU limit. */
  readonly throttledShare: number | null;
  readonly oomKills: number;
  readonly restarts: number;
  readonly freeable: Freeable;
}

export interface RightsizingInput {
  readonly usage: ContainerUsage;
  readonly declared: DeclaredContainers;
  readonly config: RightsizingConfig;
  readonly nowMs: number;
}

/** Containers that were measured in the last 24 hours, in the order of their keys. */
export function rightsizingOf(input: RightsizingInput): readonly ContainerRightsizing[] {
  const pods = Map.groupBy(input.usage.pods, keyOf);
  return [...Map.groupBy(input.usage.days, keyOf)].flatMap(([key, days]) => {
    const latest = days.find(({ day }) => day === 0);
    return latest === undefined ? [] : [containerRightsizing(input, days, { latest, pods: pods.get(key) ?? [] })];
  });
}

function keyOf({ environment, cluster, namespace, workload, container }: ContainerKey): string {
  return [environment, cluster, namespace, workload, container].join('\u0000');
}

interface Latest {
  readonly latest: ContainerDay;
  readonly pods: readonly ContainerPod[];
}

function containerRightsizing(
  { declared, config, nowMs }: RightsizingInput,
  days: readonly ContainerDay[],
  { latest, pods }: Latest,
): ContainerRightsizing {
  const { environment, cluster, namespace, workload, container } = latest;
  const key: ContainerKey = { environment, cluster, namespace, workload, container };
  const known = declared(key);
  const bounds = {
    cpu: boundsOf(known?.cpu, latest.cpuRequest, latest.cpuLimit),
    memory: boundsOf(known?.memory, latest.memoryRequest, latest.memoryLimit),
  };
  const totals = { throttledShare: throttledShareOf(days), oomKills: sum(days, 'oomKills') };
  const input = { days, ...bounds, ...totals };
  const isEnough = (resource: 'cpu' | 'memory') => measuredHours(days, resource) >= config.minHours;
  const cpu = resourceOf(days, 'cpu', bounds.cpu, isEnough('cpu') ? recommendCpu(input, config) : null);
  const memory = resourceOf(days, 'memory', bounds.memory, isEnough('memory') ? recommendMemory(input, config) : null);
  const replicas = replicasOf(latest);
  return {
    ...key,
    ...{ kind: known?.kind ?? '', team: known?.team ?? '', replicas, cpu, memory, ...totals },
    idleReplicas: idlePods(pods, nowMs, config.idleCores).length,
    restarts: sum(days, 'restarts'),
    freeable: freeableOf(key, { cpu: replacedOf(cpu), memory: replacedOf(memory), replicas }, config),
  };
}

/** What the specification leaves open may come from a LimitRange, which metrics of the pods show. */
function boundsOf(declared: Bounds | undefined, request: number, limit: number): Bounds {
  return {
    request: declared?.request ?? (request > 0 ? request : null),
    limit: declared?.limit ?? (limit > 0 ? limit : null),
  };
}

function resourceOf(
  days: readonly ContainerDay[],
  resource: 'cpu' | 'memory',
  bounds: Bounds,
  recommendation: Recommendation | null,
): ResourceRightsizing {
  const histogram = sampleHistogram(days, resource, equalWeight);
  const p95 = useAt(days, resource, { histogram, share: 0.95 });
  const max = p95 === null ? null : highestUse(days, resource);
  return { ...bounds, p95, max, measuredHours: measuredHours(days, resource), recommendation };
}

function replacedOf({ request, recommendation }: ResourceRightsizing) {
  return { request, recommended: recommendation?.request ?? null };
}

/** Pods that ran at the same time: during a rollout both the old and the new ones were measured. */
function replicasOf({ podHours, hours }: ContainerDay): number {
  return hours === 0 ? 0 : Math.max(1, Math.round(podHours / hours));
}

function throttledShareOf(days: readonly ContainerDay[]): number | null {
  const periods = sum(days, 'periods');
  return periods === 0 ? null : Math.min(1, sum(days, 'throttledPeriods') / periods);
}

function sum(days: readonly ContainerDay[], column: 'oomKills' | 'restarts' | 'periods' | 'throttledPeriods'): number {
  return days.reduce((total, day) => total + day[column], 0);
}
