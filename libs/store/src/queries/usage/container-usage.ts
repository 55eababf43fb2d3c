/** What containers used: by day for recommendations, and by pod on the last day to find replicas that idle. */
import type { Histogram } from '@faultline/model';
import type { Engine, Statement } from '../../engine.ts';
import { usageHourMs } from '../../rows.ts';
import { type Budget, bounded, pairsOf, type ReadScope, scopeParams } from '../statement.ts';

/** Selects containers. An empty text selects all. */
export interface ContainerFilter {
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string;
  readonly container: string;
}

export interface ContainerUsageRequest {
  readonly read: ReadScope;
  readonly filter: ContainerFilter;
  readonly nowMs: number;
  /** How far back to read. */
  readonly days: number;
}

/** A container of a workload, over all of its pods. */
export interface ContainerKey {
  readonly environment: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly workload: string;
  readonly container: string;
}

/** What a container used in 24 hours. Cores and bytes, for each pod. */
export interface ContainerDay extends ContainerKey {
  /** 0: the last 24 hours, 1: those before. */
  readonly day: number;
  /** Samples of all pods, by the buckets of `usageBucketOf`. */
  readonly cpu: Histogram;
  readonly cpuMax: number;
  readonly memory: Histogram;
  /** The highest use of each pod. */
  readonly memoryPeaks: readonly number[];
  /** Hours in which at least one pod was measured. */
  readonly cpuHours: number;
  readonly memoryHours: number;
  /** The same counted for each pod, and added up. */
  readonly podHours: number;
  readonly hours: number;
  readonly throttledPeriods: number;
  readonly periods: number;
  readonly restarts: number;
  readonly oomKills: number;
  /** Of the latest hour in which it is known; 0 where it is not. */
  readonly cpuRequest: number;
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

/** What a container of one pod used in the last 24 hours. */
export interface ContainerPod extends ContainerKey {
  readonly pod: string;
  readonly cpu: Histogram;
  readonly hours: number;
  /** The start of the last hour in which it was measured. */
  readonly lastHourMs: number;
}

export interface ContainerUsage {
  /** By container, and the last day first. */
  readonly days: readonly ContainerDay[];
  readonly pods: readonly ContainerPod[];
  /** There are more containers than were read. */
  readonly isTruncated: boolean;
}

const daySeconds = 86_400;
/** 10,000 containers over 20 days. */
const maxRows = 200_000;

const keyColumns = ['Environment', 'Cluster', 'Namespace', 'Workload', 'Container'] as const;
const keyNames = keyColumns.map((column) => column.toLowerCase()).join(', ');
const keySelection = keyColumns.map((column) => `${column} AS ${column.toLowerCase()}`).join(',\n    ');
const filterColumns = ['Cluster', 'Namespace', 'Workload', 'Container'] as const;
const selected = [
  'Tenant = {tenant:String} AND Environment IN {environments:Array(String)}',
  "Hour >= toDateTime({fromSecond:UInt32}, 'UTC') AND Hour < toDateTime({endSecond:UInt32}, 'UTC')",
  ...filterColumns.map((column) => {
    const name = `{${column.toLowerCase()}:String}`;
    return `(${name} = '' OR ${column} = ${name})`;
  }),
].join('\n    AND ');

/** Parameters of `selected`. The hour that runs belongs to the last day. */
function usageParams({ read, filter, nowMs }: ContainerUsageRequest, days: number): Statement['params'] {
  const endSecond = (Math.floor(nowMs / usageHourMs) + 1) * (usageHourMs / 1000);
  return { ...scopeParams(read), ...filter, endSecond, fromSecond: endSecond - days * daySeconds };
}

/** The latest value above zero: the metric of a request is not sent where there is none. */
const latest = (column: string) => `maxIf((toUnixTimestamp(Hour), ${column}), ${column} > 0)`;

/**
 * `ContainerDay`s. The kernel's count of a kill is lost with the container, so restarts of a container that last ended for want of memory
 * count, too.
 */
export function containerDaysStatement(request: ContainerUsageRequest, budget: Budget): Statement {
  return bounded(
    `SELECT
    ${keyNames},
    day,
    ${pairsOf('podCpu')} AS cpu,
    max(podCpuMax) AS cpuMax,
    ${pairsOf('podMemory')} AS memory,
    arrayFilter(peak -> peak > 0, arraySort(groupArray(podMemoryMax))) AS memoryPeaks,
    toUInt32(length(groupUniqArrayArray(podCpuHours))) AS cpuHours,
    toUInt32(length(groupUniqArrayArray(podMemoryHours))) AS memoryHours,
    toUInt32(sum(length(podAnyHours))) AS podHours,
    toUInt32(length(groupUniqArrayArray(podAnyHours))) AS hours,
    sum(podThrottled) AS throttledPeriods,
    sum(podPeriods) AS periods,
    sum(podRestarts) AS restarts,
    sum(podOomKills) AS oomKills,
    max(podCpuRequest).2 AS cpuRequest,
    max(podCpuLimit).2 AS cpuLimit,
    max(podMemoryRequest).2 AS memoryRequest,
    max(podMemoryLimit).2 AS memoryLimit
FROM
(
    SELECT
    ${keySelection},
    toUInt16(intDiv({endSecond:UInt32} - 1 - toUnixTimestamp(Hour), ${daySeconds})) AS day,
    sumMap(Cpu) AS podCpu,
    max(CpuMax) AS podCpuMax,
    sumMap(Memory) AS podMemory,
    max(MemoryMax) AS podMemoryMax,
    groupUniqArrayIf(Hour, notEmpty(Cpu)) AS podCpuHours,
    groupUniqArrayIf(Hour, notEmpty(Memory)) AS podMemoryHours,
    groupUniqArrayIf(Hour, notEmpty(Cpu) OR notEmpty(Memory)) AS podAnyHours,
    sum(ThrottledPeriods) AS podThrottled,
    sum(Periods) AS podPeriods,
    sum(Restarts) AS podRestarts,
    greatest(sum(OomEvents), if(max(OomKilled) = 1, sum(Restarts), 0)) AS podOomKills,
    ${latest('CpuRequest')} AS podCpuRequest,
    ${latest('CpuLimit')} AS podCpuLimit,
    ${latest('MemoryRequest')} AS podMemoryRequest,
    ${latest('MemoryLimit')} AS podMemoryLimit
    FROM container_usage
    WHERE ${selected}
    GROUP BY ${keyNames}, Pod, day
)
GROUP BY ${keyNames}, day
ORDER BY ${keyNames}, day
LIMIT ${maxRows}`,
    usageParams(request, request.days),
    budget,
  );
}

/** `ContainerPod`s. */
export function containerPodsStatement(request: ContainerUsageRequest, budget: Budget): Statement {
  return bounded(
    `SELECT
    ${keySelection},
    Pod AS pod,
    ${pairsOf('Cpu')} AS cpu,
    toUInt32(uniqExactIf(Hour, notEmpty(Cpu))) AS hours,
    toUnixTimestamp(max(Hour)) * 1000 AS lastHourMs
FROM container_usage
WHERE ${selected}
GROUP BY ${keyNames}, pod
ORDER BY ${keyNames}, pod
LIMIT ${maxRows}`,
    usageParams(request, 1),
    budget,
  );
}

export async function readContainerUsage(
  engine: Pick<Engine, 'select'>,
  request: ContainerUsageRequest,
  budget: Budget,
): Promise<ContainerUsage> {
  const [days, pods] = await Promise.all([
    engine.select<ContainerDay>(containerDaysStatement(request, budget)),
    engine.select<ContainerPod>(containerPodsStatement(request, budget)),
  ]);
  return { days, pods, isTruncated: days.length >= maxRows || pods.length >= maxRows };
}
