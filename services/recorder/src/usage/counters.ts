/**
 * Reads the use of containers from metric points. Processor time, throttled periods and restarts are counters: what they grew by between two
 * points counts, so the last point of each is remembered until the container goes silent.
 */
import type { MetricBlock, MetricPoint, Resource } from '@faultline/model';
import {
  createLastPoints,
  forgetMs,
  type LastPoints,
  type LastPointsOptions,
  type PointPlace,
} from '../counter/last-points.ts';
import type { UsageAggregate, UsagePlace } from './aggregate.ts';
import { type ContainerOfPod, containerOf, runOf } from './container.ts';
import { isUsageMetric, type UsageCounter, usageMeaning } from './metrics.ts';

/** No container uses so much: whoever sends more, or less than nothing, only damages the sums. */
const maxValue = 2 ** 53;
/** A rate over less than this says more about the jitter of the scrape than about the container. */
const leastRateMs = 1000;

export interface ContainerUsage {
  /** `out` is null when the state is rebuilt, because the use was counted before. */
  add(place: PointPlace, block: MetricBlock, out: UsageAggregate | null): void;
  /** Forgets silent containers. */
  advance(watermarkMs: number): void;
  /** The offset of the oldest point that is remembered; null when there is none. */
  lowWatermark(): bigint | null;
}

/** Creates the state of no container. */
export function createContainerUsage(options: LastPointsOptions = {}): ContainerUsage {
  const counters = createLastPoints(options);
  return {
    add: (place, block, out) => {
      for (const point of block.items) {
        if (!isUsageMetric(point.metric) || !(point.value >= 0 && point.value <= maxValue)) continue;
        const resource = block.resources[point.resource];
        if (resource !== undefined) addPoint({ counters, place, point, resource, out });
      }
    },
    advance: counters.advance,
    lowWatermark: counters.lowWatermark,
  };
}

interface PointInput {
  readonly counters: LastPoints;
  readonly place: PointPlace;
  readonly point: MetricPoint;
  readonly resource: Resource;
  readonly out: UsageAggregate | null;
}

function addPoint(input: PointInput): void {
  const { point, resource, out } = input;
  const meaning = usageMeaning(point);
  if (meaning === null || (point.kind !== 'sum' && point.kind !== 'gauge')) return;
  const container = containerOf(resource, point.attributes);
  if (container === null) return;
  const at: UsagePlace = { container, atMs: Number(point.timeNs / 1_000_000n) };
  if (meaning.kind === 'counter') addCounter(input, meaning.counts, at);
  else if (meaning.kind === 'use') out?.use(at, meaning.resource, point.value);
  else if (meaning.kind === 'bound') out?.bound(at, meaning.bound, meaning.resource, point.value);
  else out?.outOfMemory(at);
}

function addCounter(input: PointInput, counter: UsageCounter, at: UsagePlace): void {
  const { point, out } = input;
  const growth = point.temporality === 'delta' ? growthOfDelta(point) : growthSinceLast(input, counter, at.container);
  if (growth === null || out === null) return;
  if (counter !== 'cpuSeconds') out.count(at, counter, growth.amount);
  else if (growth.overMs >= leastRateMs) out.use(at, 'cpu', (growth.amount * 1000) / growth.overMs);
}

interface Growth {
  readonly amount: number;
  readonly overMs: number;
}

function growthOfDelta({ value, startNs, timeNs }: MetricPoint): Growth | null {
  return startNs === 0n || startNs >= timeNs
    ? null
    : { amount: value, overMs: Number((timeNs - startNs) / 1_000_000n) };
}

/**
 * Null for the first point of a counter, after a gap and for old points. A smaller value means that the counter restarted.
 */
function growthSinceLast(input: PointInput, counter: UsageCounter, container: ContainerOfPod): Growth | null {
  const { counters, place, point, resource } = input;
  const key = [counter, ...Object.values(container), runOf(resource, point.attributes)].join('\u0000');
  const last = counters.replace(key, place, point);
  if (last === null) return null;
  const overMs = Number((point.timeNs - last.timeNs) / 1_000_000n);
  // What is silent for this long is forgotten. Points that come faster than they were measured must give the same.
  if (overMs > forgetMs) return null;
  return { amount: point.value < last.value ? point.value : point.value - last.value, overMs };
}
