/** Sums the use of containers by hour, into the rows of one checkpoint. Sums do not depend on order or on how the records were split. */
import { type UsedResource, usageBucketOf } from '@faultline/model';
import { type ContainerUsageRow, usageHourMs } from '@faultline/store';
import type { ContainerOfPod } from './container.ts';
import type { UsageCounter } from './metrics.ts';

export interface UsageAggregate {
  /** A sample of cores or bytes. */
  use(at: UsagePlace, resource: UsedResource, amount: number): void;
  bound(at: UsagePlace, bound: 'request' | 'limit', resource: UsedResource, amount: number): void;
  /** What a counter other than that of processor time grew by. */
  count(at: UsagePlace, counter: Exclude<UsageCounter, 'cpuSeconds'>, amount: number): void;
  outOfMemory(at: UsagePlace): void;
  /** Returns all rows so far, in the order in which their keys first appeared. */
  rows(): readonly ContainerUsageRow[];
}

export interface UsagePlace {
  readonly container: ContainerOfPod;
  readonly atMs: number;
}

type Counts = Map<number, number>;
type Row = { -readonly [Column in keyof Omit<ContainerUsageRow, 'Cpu' | 'Memory'>]: ContainerUsageRow[Column] } & {
  readonly Cpu: Counts;
  readonly Memory: Counts;
};

const columnOfCounter = {
  throttledPeriods: 'ThrottledPeriods',
  periods: 'Periods',
  restarts: 'Restarts',
  oomEvents: 'OomEvents',
} as const;

const columnOfBound = {
  request: { cpu: 'CpuRequest', memory: 'MemoryRequest' },
  limit: { cpu: 'CpuLimit', memory: 'MemoryLimit' },
} as const;

/** Creates an empty aggregate. */
export function createUsageAggregate(): UsageAggregate {
  const rows = new Map<string, Row>();
  const rowOf = (place: UsagePlace): Row => {
    const hourMs = Math.floor(place.atMs / usageHourMs) * usageHourMs;
    const key = `${Object.values(place.container).join('\u0000')}\u0000${hourMs}`;
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row = emptyRow(place.container, hourMs);
    rows.set(key, row);
    return row;
  };
  return {
    use: (place, resource, amount) => addUse(rowOf(place), resource, amount),
    bound: (place, bound, resource, amount) => {
      const row = rowOf(place);
      const column = columnOfBound[bound][resource];
      row[column] = Math.max(row[column], amount);
    },
    count: (place, counter, amount) => {
      const row = rowOf(place);
      const column = columnOfCounter[counter];
      // The column takes no larger number: the store would refuse the row, and the hour would be lost.
      row[column] = Math.min(Number.MAX_SAFE_INTEGER, row[column] + Math.round(amount));
    },
    outOfMemory: (place) => {
      rowOf(place).OomKilled = 1;
    },
    rows: () => [...rows.values()].map((row) => ({ ...row, Cpu: sorted(row.Cpu), Memory: sorted(row.Memory) })),
  };
}

function addUse(row: Row, resource: UsedResource, amount: number): void {
  const counts = resource === 'cpu' ? row.Cpu : row.Memory;
  const bucket = usageBucketOf(resource, amount);
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  if (resource === 'cpu') row.CpuMax = Math.max(row.CpuMax, amount);
  else row.MemoryMax = Math.max(row.MemoryMax, amount);
}

function sorted(counts: Counts): ContainerUsageRow['Cpu'] {
  return [...counts].sort(([a], [b]) => a - b);
}

function emptyRow(
  { tenant, environment, cluster, namespace, workload, pod, container }: ContainerOfPod,
  hourMs: number,
): Row {
  return {
    Tenant: tenant,
    Environment: environment,
    Hour: hourMs,
    Cluster: cluster,
    Namespace: namespace,
    Workload: workload,
    Pod: pod,
    Container: container,
    Cpu: new Map(),
    CpuMax: 0,
    Memory: new Map(),
    MemoryMax: 0,
    ThrottledPeriods: 0,
    Periods: 0,
    Restarts: 0,
    OomEvents: 0,
    OomKilled: 0,
    CpuRequest: 0,
    CpuLimit: 0,
    MemoryRequest: 0,
    MemoryLimit: 0,
  };
}
