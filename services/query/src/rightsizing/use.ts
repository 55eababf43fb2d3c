/** What a container used over days, and by how much each day counts. Pure. */
import {
  type UsedResource,
  usageBucketOf,
  usagePercentile,
  type WeightedHistogram,
  weighHistograms,
} from '@faultline/model';
import type { ContainerDay } from '@faultline/store';

/** The weight of a day; 0 is the last 24 hours. */
export type DayWeight = (day: number) => number;

/** All days alike. */
export const equalWeight: DayWeight = () => 1;

/**
 * Half as much as the day after it: the half-life of 24 hours of the Vertical Pod Autoscaler (`DefaultCPUHistogramDecayHalfLife`), in steps of
 * a day.
 */
export const halvingWeight: DayWeight = (day) => 2 ** -day;

/** Samples of all pods. */
export function sampleHistogram(
  days: readonly ContainerDay[],
  resource: UsedResource,
  weightOf: DayWeight,
): WeightedHistogram {
  return weighHistograms(days.map((day) => ({ histogram: day[resource], weight: weightOf(day.day) })));
}

/** One sample for each pod and day: its highest use of memory. */
export function peakHistogram(days: readonly ContainerDay[], weightOf: DayWeight): WeightedHistogram {
  const peaks = days.flatMap(({ day, memoryPeaks }) =>
    memoryPeaks.map((peak) => ({
      histogram: [[usageBucketOf('memory', peak), 1]] as const,
      weight: weightOf(day),
    })),
  );
  return weighHistograms(peaks);
}

/** The highest use of any pod. 0 without samples. */
export function highestUse(days: readonly ContainerDay[], resource: UsedResource): number {
  return days.reduce((most, day) => Math.max(most, resource === 'cpu' ? day.cpuMax : maxOf(day.memoryPeaks)), 0);
}

/** The use that a share of the samples does not exceed. The bound of its bucket, unless nothing reached it. */
export function useAt(
  days: readonly ContainerDay[],
  resource: UsedResource,
  { histogram, share }: { readonly histogram: WeightedHistogram; readonly share: number },
): number | null {
  const bound = usagePercentile(resource, histogram, share);
  return bound === null ? null : Math.min(bound, highestUse(days, resource));
}

function maxOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
