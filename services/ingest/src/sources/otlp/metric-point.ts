/** A data point as read from either encoding, its checks, and its conversion. */
import type { MetricKind, MetricPoint } from '@faultline/model';
import type { Problem } from '../../source.ts';
import { attributesProblem, boundedText, type ItemRules, isUsableTime, timeProblem } from './validity.ts';

/** What the points of one metric share. */
export interface MetricHead {
  readonly name: string;
  readonly unit: string;
  readonly kind: MetricKind;
  readonly monotonic: boolean;
  readonly temporality: MetricPoint['temporality'];
}

export interface PointParts {
  timeNs: bigint;
  startNs: bigint;
  attributes: Record<string, string>;
  attributeCount: number;
  /** Gauge and sum. */
  value: number;
  count: bigint;
  sum: number;
  bounds: number[];
  bucketCounts: bigint[];
  /** Exponential buckets, quantiles, minimum and maximum, flags: in the shape of OTLP/JSON. */
  detail: Record<string, unknown>;
}

export const temporalities = ['unspecified', 'delta', 'cumulative'] as const;

/** Buckets of one point: OpenTelemetry's own default is 160. */
export const maxBuckets = 4096;

/** An empty point. A value or sum that is never set stays NaN: a zero would be a wrong measurement. */
export function emptyPoint(kind: MetricKind): PointParts {
  return {
    timeNs: 0n,
    startNs: 0n,
    attributes: {},
    attributeCount: 0,
    value: Number.NaN,
    count: 0n,
    // The sum of a histogram is optional. That of a summary is not, and proto3 omits its zero.
    sum: kind === 'histogram' || kind === 'exponentialHistogram' ? Number.NaN : 0,
    bounds: [],
    bucketCounts: [],
    detail: {},
  };
}

export function pointProblem(head: MetricHead, parts: PointParts, rules: ItemRules): Problem | null {
  if (head.name === '') return { code: 'INGEST_INVALID', reason: 'metrics.name: expected a name' };
  if (!isUsableTime(parts.timeNs, rules)) return timeProblem('timeUnixNano', rules);
  const { bounds, bucketCounts } = parts;
  if (bucketCounts.length > maxBuckets)
    return { code: 'INGEST_INVALID', reason: `bucketCounts: expected at most ${maxBuckets}` };
  if (bucketCounts.length > 0 && bucketCounts.length !== bounds.length + 1)
    return { code: 'INGEST_INVALID', reason: 'bucketCounts: expected one more than explicitBounds' };
  return attributesProblem(parts.attributeCount, rules);
}

/** A point that passed `pointProblem`. */
export function toPoint(head: MetricHead, parts: PointParts, resource: number, rules: ItemRules): MetricPoint {
  const counted = head.kind !== 'gauge' && head.kind !== 'sum';
  const mean = parts.count === 0n ? 0 : parts.sum / Number(parts.count);
  return {
    resource,
    metric: boundedText(head.name, rules.limits.labelValueBytes),
    unit: boundedText(head.unit, rules.limits.labelValueBytes),
    kind: head.kind,
    timeNs: parts.timeNs,
    startNs: isUsableTime(parts.startNs, rules) ? parts.startNs : 0n,
    attributes: parts.attributes,
    value: counted ? mean : parts.value,
    count: parts.count,
    sum: parts.count === 0n && Number.isNaN(parts.sum) ? 0 : parts.sum,
    monotonic: head.monotonic,
    temporality: head.temporality,
    bounds: parts.bounds,
    bucketCounts: parts.bucketCounts,
    detail: Object.keys(parts.detail).length === 0 ? '' : JSON.stringify(parts.detail),
  };
}
