/**
 * Derives call edges from service mesh metrics: request counters whose labels name both sides. A cumulative counter
 * becomes the calls between two of its points. So the last point of each series is remembered until the series goes
 * silent.
 */
import type { Attributes, MetricBlock, MetricPoint, Resource } from '@faultline/model';
import { windowStartMs } from '@faultline/store';
import { createLastPoints, type LastPoints, type LastPointsOptions, type PointPlace } from '../counter/last-points.ts';
import type { Aggregate } from '../join/aggregate.ts';
import { describeSender } from '../join/intern.ts';
import { isFailedRequest, isFailureCounter, meshSides } from './labels.ts';

export interface MeshCounters {
  /** `out` is null when the state is rebuilt, because the edges were counted before. */
  add(place: PointPlace, block: MetricBlock, out: Aggregate | null): void;
  /** Forgets silent series. */
  advance(watermarkMs: number): void;
  /** The offset of the oldest point that is remembered; null when there is none. */
  lowWatermark(): bigint | null;
}

/** Creates counters without series. */
export function createMeshCounters(options: LastPointsOptions = {}): MeshCounters {
  const series = createLastPoints(options);
  return {
    add: (place, block, out) => {
      for (const point of block.items) {
        const resource = block.resources[point.resource];
        if (resource !== undefined) addPoint({ series, place, point, resource, out });
      }
    },
    advance: series.advance,
    lowWatermark: series.lowWatermark,
  };
}

interface PointInput {
  readonly series: LastPoints;
  readonly place: PointPlace;
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
  const last = series.replace(seriesKey(point, resource), place, point);
  if (last === null) return null;
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
