/** Metrics from OTLP/JSON, to the same items as from protobuf. */
import type { MetricKind } from '@faultline/model';
import {
  attributesAt,
  bigintAt,
  bigintOf,
  enumAt,
  fieldAt,
  type JsonObject,
  listAt,
  numberAt,
  numberOf,
  objectAt,
  ShapeError,
  textAt,
} from './json-value.ts';
import { emptyPoint, type MetricHead, type PointParts, temporalities } from './metric-point.ts';
import { asLong, metricTextLength } from './metrics.ts';
import { boundedText, type ItemRules } from './validity.ts';

const kinds: readonly MetricKind[] = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
const temporalityNames = temporalities.map((name) => name.toUpperCase());

export interface JsonMetric {
  readonly head: MetricHead;
  readonly points: readonly JsonObject[];
  /** The metric with one point, so that a refused point can be sent again without its good neighbours. */
  readonly withPoint: (point: JsonObject) => JsonObject;
}

/** The kinds of data in one metric; a metric has one, but nothing stops a sender from giving more. Throws ShapeError. */
export function metricsOfJson(metric: JsonObject): JsonMetric[] {
  const present = kinds.filter((kind) => fieldAt(metric, kind) !== undefined);
  return present.map((kind) => {
    const data = objectAt(metric, kind);
    const temporality = enumAt(data, 'aggregationTemporality', 'AGGREGATION_TEMPORALITY_', temporalityNames);
    const head: MetricHead = {
      name: boundedText(textAt(metric, 'name'), metricTextLength),
      unit: boundedText(textAt(metric, 'unit'), metricTextLength),
      kind,
      monotonic: fieldAt(data, 'isMonotonic') === true,
      temporality: temporalities[temporality] ?? 'unspecified',
    };
    const { name, unit } = head;
    const withPoint = (point: JsonObject) => ({ name, unit, [kind]: { ...data, dataPoints: [point] } });
    return { head, points: listAt(data, 'dataPoints'), withPoint };
  });
}

/** One data point. Throws ShapeError and RefusedItem. */
export function pointOfJson(point: JsonObject, kind: MetricKind, rules: ItemRules): PointParts {
  const { attributes, count } = attributesAt(point, rules.limits);
  const parts: PointParts = {
    ...emptyPoint(kind),
    timeNs: bigintAt(point, 'timeUnixNano'),
    startNs: bigintAt(point, 'startTimeUnixNano'),
    attributes,
    attributeCount: count,
  };
  if (kind === 'gauge' || kind === 'sum') parts.value = scalarOf(point);
  else fillCounts(parts, point);
  if (kind === 'histogram') fillBuckets(parts, point);
  for (const name of detailFields[kind]) {
    const value = fieldAt(point, name);
    if (value !== undefined) parts.detail[name] = value;
  }
  fillFlags(parts, point);
  return parts;
}

const detailFields: Readonly<Record<MetricKind, readonly string[]>> = {
  gauge: [],
  sum: [],
  histogram: ['min', 'max'],
  exponentialHistogram: ['scale', 'zeroCount', 'positive', 'negative', 'min', 'max', 'zeroThreshold'],
  summary: ['quantileValues'],
};

/** NaN when the point has no value: a zero would be a lie. */
function scalarOf(point: JsonObject): number {
  if (fieldAt(point, 'asInt') !== undefined) return Number(bigintAt(point, 'asInt'));
  return fieldAt(point, 'asDouble') === undefined ? Number.NaN : numberAt(point, 'asDouble');
}

function fillCounts(parts: PointParts, point: JsonObject): void {
  parts.count = asLong(bigintAt(point, 'count'));
  if (fieldAt(point, 'sum') !== undefined || parts.count === 0n) parts.sum = numberAt(point, 'sum');
}

function fillBuckets(parts: PointParts, point: JsonObject): void {
  parts.bucketCounts = valuesAt(point, 'bucketCounts').map((value) => asLong(bigintOf(value, 'bucketCounts')));
  parts.bounds = valuesAt(point, 'explicitBounds').map((value) => numberOf(value, 'explicitBounds'));
}

function valuesAt(owner: JsonObject, name: string): readonly unknown[] {
  const value = fieldAt(owner, name) ?? [];
  if (!Array.isArray(value)) throw new ShapeError(`${name}: expected an array`);
  return value;
}

function fillFlags(parts: PointParts, point: JsonObject): void {
  const flags = numberAt(point, 'flags');
  if (flags === 0) return;
  parts.detail['flags'] = flags;
  if ((flags & 1) === 1) parts.value = Number.NaN;
}
