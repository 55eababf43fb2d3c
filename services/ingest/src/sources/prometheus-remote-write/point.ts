/** From samples and native histograms to data points in the form of OTLP. */
import type { Labels, MetricKind, MetricPoint } from '@faultline/model';
import type { Problem } from '../../source.ts';
import { emptyPoint, type MetricHead, maxBuckets, type PointParts, toPoint } from '../otlp/metric-point.ts';
import { type ItemRules, isUsableTime } from '../otlp/validity.ts';
import type { WireReader } from '../otlp/wire.ts';
import {
  customSchema,
  type DenseBuckets,
  denseBuckets,
  invalid,
  type NativeHistogram,
  readHistogram,
} from './histogram.ts';
import { isStaleMarker } from './number.ts';

/** What the points of a series share. */
export interface SeriesOfPoints {
  readonly name: string;
  readonly kind: Extract<MetricKind, 'gauge' | 'sum'>;
  readonly attributes: Labels;
  /** Index of the resource. */
  readonly resource: number;
  /** When its counters began to count, ms; 0: not known. */
  readonly startMs: bigint;
}

/** A point, or why there is none. */
export type PointOrProblem = MetricPoint | Problem;

const nsPerMs = 1_000_000n;
/** Bit 0 of the flags of OTLP: no recorded value. */
const endOfSeries = { flags: 1 };

/** Reads one sample that ends at `end`. Throws WireError. */
export function readSample(reader: WireReader, end: number, series: SeriesOfPoints, rules: ItemRules): PointOrProblem {
  const sample = { value: 0, isStale: false, timestampMs: 0n, startMs: series.startMs };
  while (reader.next(end)) {
    if (reader.field === 1) {
      const at = reader.fixed64At();
      sample.value = reader.buffer.readDoubleLE(at);
      sample.isStale = isStaleMarker(reader.buffer, at);
    } else if (reader.field === 2) sample.timestampMs = reader.int64();
    else if (reader.field === 3) sample.startMs = reader.int64();
    else reader.skip();
  }
  reader.leave(end);
  const parts = partsOf(series.kind, series, sample);
  parts.value = sample.value;
  return pointOf(headOf(series, series.kind), parts, series, rules);
}

/** Reads one native histogram that ends at `end`. Throws WireError; RefusedItem when it has too many parts. */
export function readHistogramPoint(
  reader: WireReader,
  end: number,
  series: SeriesOfPoints,
  rules: ItemRules,
): PointOrProblem {
  const histogram = readHistogram(reader, end, rules);
  const isCustom = histogram.schema === customSchema;
  const kind = isCustom ? 'histogram' : 'exponentialHistogram';
  const startMs = histogram.startMs === 0n ? series.startMs : histogram.startMs;
  const parts = partsOf(kind, series, { ...histogram, startMs });
  parts.count = histogram.count;
  parts.sum = histogram.isStale ? Number.NaN : histogram.sum;
  const problem = isCustom ? addCustomBuckets(parts, histogram) : addExponentialBuckets(parts, histogram);
  const head = headOf(series, kind, histogram.isGauge ? 'unspecified' : 'cumulative');
  return problem ?? pointOf(head, parts, series, rules);
}

interface Times {
  readonly timestampMs: bigint;
  readonly startMs: bigint;
  readonly isStale: boolean;
}

function partsOf(
  kind: MetricKind,
  { attributes }: SeriesOfPoints,
  { timestampMs, startMs, isStale }: Times,
): PointParts {
  return {
    ...emptyPoint(kind),
    attributes,
    timeNs: timestampMs * nsPerMs,
    startNs: startMs * nsPerMs,
    detail: isStale ? { ...endOfSeries } : {},
  };
}

function headOf(
  { name }: SeriesOfPoints,
  kind: MetricKind,
  temporality: MetricPoint['temporality'] = kind === 'sum' ? 'cumulative' : 'unspecified',
): MetricHead {
  // The name ends in the unit. One of the metadata would come and go with it, and the unit is part of a series' identity.
  return { name, unit: '', kind, temporality, monotonic: kind === 'sum' };
}

function pointOf(head: MetricHead, parts: PointParts, { resource }: SeriesOfPoints, rules: ItemRules): PointOrProblem {
  return isUsableTime(parts.timeNs, rules) ? toPoint(head, parts, resource, rules) : timeProblem(rules);
}

function timeProblem({ minNs, maxNs }: ItemRules): Problem {
  const text = (ns: bigint) => new Date(Number(ns / nsPerMs)).toISOString();
  const reason = `timestamp: expected milliseconds since 1970 between ${text(minNs)} and ${text(maxNs)}`;
  return { code: 'INGEST_UNUSABLE_TIME', reason };
}

/** The count of a bucket in a custom layout belongs to the bound of its index; the last one has no upper bound. */
function addCustomBuckets(parts: PointParts, { positive, customValues, isStale }: NativeHistogram): Problem | null {
  if (isStale) return null;
  const dense = denseBuckets(positive, maxBuckets);
  if ('code' in dense) return dense;
  const length = customValues.length + 1;
  if (length > maxBuckets || dense.offset < 0 || dense.offset + dense.counts.length > length)
    return invalid(`custom_values: expected a bound for each bucket, at most ${maxBuckets - 1}`);
  const before: bigint[] = Array(dense.offset).fill(0n);
  const after: bigint[] = Array(length - dense.offset - dense.counts.length).fill(0n);
  parts.bounds = [...customValues];
  parts.bucketCounts = [...before, ...dense.counts, ...after];
  return null;
}

/** Scales of OpenTelemetry that are schemas of Prometheus, too. */
const [leastSchema, mostSchema] = [-4, 8];

function addExponentialBuckets(parts: PointParts, histogram: NativeHistogram): Problem | null {
  const { schema, isStale, zeroCount, zeroThreshold } = histogram;
  if (isStale) return null;
  if (schema < leastSchema || schema > mostSchema)
    return invalid(`schema: expected ${customSchema}, or ${leastSchema} to ${mostSchema}`);
  const positive = denseBuckets(histogram.positive, maxBuckets);
  const negative = denseBuckets(histogram.negative, maxBuckets);
  if ('code' in positive) return positive;
  if ('code' in negative) return negative;
  parts.detail = {
    scale: schema,
    zeroCount: zeroCount.toString(),
    zeroThreshold,
    positive: otlpBuckets(positive),
    negative: otlpBuckets(negative),
  };
  return null;
}

/** Bucket i of Prometheus ends at the i-th bound; that of OpenTelemetry begins there. */
function otlpBuckets({ offset, counts }: DenseBuckets): { offset: number; bucketCounts: string[] } {
  return { offset: counts.length === 0 ? 0 : offset - 1, bucketCounts: counts.map(String) };
}
