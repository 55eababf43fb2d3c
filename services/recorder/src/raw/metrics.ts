import type { MetricBlock, MetricPoint, Resource } from '@faultline/model';
import type {
  AggregationTemporality,
  ExponentialHistogramRow,
  GaugeRow,
  HistogramRow,
  SummaryRow,
  SumRow,
} from '@faultline/store';
import { bigintField, bigintsField, numberField, objectField, parseObject, parseObjects } from './otlp-json.ts';
import { mapItems, type RawSender } from './sender.ts';

/** The points of a block by table. */
export interface MetricRows {
  readonly otel_metrics_gauge: readonly GaugeRow[];
  readonly otel_metrics_sum: readonly SumRow[];
  readonly otel_metrics_histogram: readonly HistogramRow[];
  readonly otel_metrics_exponential_histogram: readonly ExponentialHistogramRow[];
  readonly otel_metrics_summary: readonly SummaryRow[];
}

interface Point {
  readonly point: MetricPoint;
  readonly columns: ReturnType<typeof metricColumns>;
}

/** One row per point. A point whose value is not finite, such as a staleness marker, makes no row. */
export function metricRows(block: MetricBlock): MetricRows {
  const points = mapItems(block, (point, resource, sender) => ({
    point,
    columns: metricColumns(point, resource, sender),
  })).filter(({ point }) => Number.isFinite(point.value) && Number.isFinite(point.sum));
  const of = (kind: MetricPoint['kind']) => points.filter(({ point }) => point.kind === kind);
  return {
    otel_metrics_gauge: of('gauge').map(({ point, columns }) => ({ ...columns, Value: point.value })),
    otel_metrics_sum: of('sum').map(sumRow),
    otel_metrics_histogram: of('histogram').map(histogramRow),
    otel_metrics_exponential_histogram: of('exponentialHistogram').map(exponentialRow),
    otel_metrics_summary: of('summary').map(summaryRow),
  };
}

function metricColumns(point: MetricPoint, resource: Resource, { columns }: RawSender) {
  return {
    ...columns,
    ResourceAttributes: resource.attributes,
    ScopeName: resource.scopeName,
    ScopeVersion: resource.scopeVersion,
    MetricName: point.metric,
    MetricUnit: point.unit,
    Attributes: point.attributes,
    StartTimeUnix: point.startNs,
    TimeUnix: point.timeNs,
  };
}

function temporalityNumber({ temporality }: MetricPoint): AggregationTemporality {
  return temporality === 'delta' ? 1 : temporality === 'cumulative' ? 2 : 0;
}

function sumRow({ point, columns }: Point): SumRow {
  return {
    ...columns,
    Value: point.value,
    AggregationTemporality: temporalityNumber(point),
    IsMonotonic: point.monotonic,
  };
}

/**
 * Without bounds there is one bucket, which the sender may leave out. With bounds there is one bucket more than bounds.
 */
function histogramRow({ point, columns }: Point): HistogramRow {
  const detail = parseObject(point.detail);
  return {
    ...columns,
    Count: point.count,
    Sum: point.sum,
    BucketCounts: point.bucketCounts,
    ExplicitBounds: point.bounds.filter(Number.isFinite),
    Min: numberField(detail, 'min'),
    Max: numberField(detail, 'max'),
    AggregationTemporality: temporalityNumber(point),
  };
}

function exponentialRow({ point, columns }: Point): ExponentialHistogramRow {
  const detail = parseObject(point.detail);
  const positive = objectField(detail, 'positive');
  const negative = objectField(detail, 'negative');
  return {
    ...columns,
    Count: point.count,
    Sum: point.sum,
    Scale: numberField(detail, 'scale'),
    ZeroCount: bigintField(detail, 'zeroCount'),
    PositiveOffset: numberField(positive, 'offset'),
    PositiveBucketCounts: bigintsField(positive, 'bucketCounts'),
    NegativeOffset: numberField(negative, 'offset'),
    NegativeBucketCounts: bigintsField(negative, 'bucketCounts'),
    Min: numberField(detail, 'min'),
    Max: numberField(detail, 'max'),
    AggregationTemporality: temporalityNumber(point),
  };
}

function summaryRow({ point, columns }: Point): SummaryRow {
  const all = parseObjects(JSON.stringify(parseObject(point.detail)['quantileValues'] ?? []));
  // A summary without observations has NaN for each quantile: no value, not zero.
  const quantiles = all.filter((entry) => Number.isFinite(Number(entry['value'] ?? 0)));
  return {
    ...columns,
    Count: point.count,
    Sum: point.sum,
    'ValueAtQuantiles.Quantile': quantiles.map((entry) => numberField(entry, 'quantile')),
    'ValueAtQuantiles.Value': quantiles.map((entry) => numberField(entry, 'value')),
  };
}
