/** Days of use for tests. */
import { type Histogram, usageBucketOf } from '@faultline/model';
import type { ContainerDay, ContainerPod } from '@faultline/store';

export const mib = 1024 ** 2;
export const gib = 1024 ** 3;

const key = { environment: 'prod', cluster: 'eu-1', namespace: 'shop', workload: 'cart', container: 'app' };

/** Samples as the recorder counts them. */
export function histogramOf(resource: 'cpu' | 'memory', samples: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const sample of samples) {
    const bucket = usageBucketOf(resource, sample);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

export interface DayOfUse {
  readonly cores: readonly number[];
  readonly bytes: readonly number[];
  readonly over?: Partial<ContainerDay>;
}

/** A day of a container with two replicas. Each of `bytes` is the peak of a pod, too. */
export function dayOf(day: number, { cores, bytes, over = {} }: DayOfUse): ContainerDay {
  return {
    ...key,
    day,
    cpu: histogramOf('cpu', cores),
    cpuMax: Math.max(0, ...cores),
    memory: histogramOf('memory', bytes),
    memoryPeaks: [...bytes].sort((a, b) => a - b),
    ...{ cpuHours: 24, memoryHours: 24, podHours: 48, hours: 24 },
    ...{ throttledPeriods: 0, periods: 0, restarts: 0, oomKills: 0 },
    ...{ cpuRequest: 0, cpuLimit: 0, memoryRequest: 0, memoryLimit: 0 },
    ...over,
  };
}

export function podOf(pod: string, cores: readonly number[], over: Partial<ContainerPod> = {}): ContainerPod {
  return { ...key, pod, cpu: histogramOf('cpu', cores), hours: 24, lastHourMs: 0, ...over };
}

/** Equal days, the last one first. */
export function daysOf(count: number, use: DayOfUse): readonly ContainerDay[] {
  return Array.from({ length: count }, (_, day) => dayOf(day, use));
}

/** Numbers from 0 to 1 (mulberry32): the same in each run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
