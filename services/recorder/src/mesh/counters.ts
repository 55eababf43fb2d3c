/**
 * Derives call edges from service mesh metrics: request counters whose labels name both sides. A cumulative counter
 * becomes the calls between two of its points. So the last point of each series is remembered until the series goes
 * silent.
 */
import type { Attributes, MetricBlock, MetricPoint, Resource } from '@faultline/model';
import { windowStartMs } from '@faultline/store';
import type { Aggregate } from '../join/aggregate.ts';
import { describeSender } from '../join/intern.ts';
import { isFailedRequest, isFailureCounter, meshSides } from './labels.ts';

/** A series that is silent for this long is forgotten. Its next point starts it anew. */
const forgetMs = 300_000;

export interface MetricPlace {
  readonly offset: bigint;
  readonly atMs: number;
}

export interface MeshCounters {
  /** `out` is null when the state is rebuilt, because the edges were counted before. */
  add(place: MetricPlace, block: MetricBlock, out: Aggregate | null): void;
  /** Forgets silent series. */
  advance(watermarkMs: number): void;
  /** The offset of the oldest point that is remembered; null when there is none. */
  lowWatermark(): bigint | null;
}

interface LastPoint extends MetricPlace {
  readonly value: number;
  readonly startNs: bigint;
  readonly timeNs: bigint;
}

/** Creates counters without series. */
export function createMeshCounters(): MeshCounters {
  // Updated series move to the end, so the first one has the lowest offset.
  const series = new Map<string, LastPoint>();
  return {
    add: (place, block, out) => {
      for (const point of block.items) {
        const resource = block.resources[point.resource];
        if (resource !== undefined) addPoint({ series, place, point, resource, out });
      }
    },
    advance: (watermarkMs) => {
      for (const [key, { atMs }] of series) if (atMs + forgetMs <= watermarkMs) series.delete(key);
    },
    lowWatermark: () => {
      for (const { offset } of series.values()) return offset;
      return null;
    },
  };
}

interface PointInput {
  readonly series: Map<string, LastPoint>;
  readonly place: MetricPlace;
  readonly point: MetricPoint;
  readonly resource: Resource;
  readonly out: Aggregate | null;
}

function addPoint({ series, place, point, resource, out }: PointInput): void {
  const sides = meshSides(point.metric, point.attributes);
  if (sides === null || point.kind !== 'sum' || !Number.isFinite(point.value)) return;
  const calls = point.temporality === 'delta' ? point.value : callsSince({ series, place, point, resource });
  if (out === null || calls === null) return;
  const { tenant, environment } = describeSender(resource);
  const atMs = Number(point.timeNs / 1_000_000n);
  const whole = Math.round(calls);
  out.edge({
    scope: { tenant, environment },
    caller: { service: sides.source, instance: '' },
    callee: { service: sides.destination, instance: '' },
    operation: '',
    source: 'mesh',
    windowMs: windowStartMs(atMs),
    calls: isFailureCounter(point.metric) ? 0 : whole,
    errors: isFailedRequest(point.metric, point.attributes) ? whole : 0,
    durationUs: null,
    gapUs: null,
    lastSeenMs: atMs,
  });
}

/**
 * Calls since the series' last point; null for its first point and for old points. A smaller value means that the
 * counter restarted.
 */
function callsSince({ series, place, point, resource }: Omit<PointInput, 'out'>): number | null {
  const key = seriesKey(point, resource);
  const last = series.get(key);
  if (last !== undefined && point.timeNs <= last.timeNs) return null;
  series.delete(key);
  series.set(key, { ...place, value: point.value, startNs: point.startNs, timeNs: point.timeNs });
  if (last === undefined) return null;
  return point.value < last.value || point.startNs > last.startNs ? point.value : point.value - last.value;
}

function seriesKey({ metric, attributes }: MetricPoint, resource: Resource): string {
  const sender = Object.values(describeSender(resource)).join('\u0000');
  return [sender, metric, ...sortedPairs(attributes)].join('\u0001');
}

function sortedPairs(attributes: Attributes): string[] {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}
