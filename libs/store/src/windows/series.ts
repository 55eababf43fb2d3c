/** Points of series in 10 s windows. sql/0020_metric_windows.sql says what the shapes mean. */
import { type MetricWindowRow, type RowOf, type SeriesShape, type WindowPoint, windowStartMs } from '../rows.ts';
import { instanceKey, SenderTable } from './sender-table.ts';
import { attributeText, resourceText } from './series-text.ts';

/** The tables of metric points. */
export const pointTables = [
  'otel_metrics_gauge',
  'otel_metrics_sum',
  'otel_metrics_histogram',
  'otel_metrics_exponential_histogram',
  'otel_metrics_summary',
] as const;
export type PointTable = (typeof pointTables)[number];
export type PointRow = RowOf[PointTable];

type Summed = { -readonly [Key in keyof MetricWindowRow]: MetricWindowRow[Key] };

interface ResourceState {
  readonly text: string;
  readonly windows: Map<string, Summed>;
}

/** How a point counts in its window. */
interface Reading {
  readonly shape: SeriesShape;
  readonly value: number;
  readonly weight: number;
  /** The value, or the mean of a distribution. */
  readonly level: number;
}

export class SeriesWindows {
  readonly #resources = new SenderTable<PointRow, ResourceState>(resourceKey, (row) => ({
    text: resourceText(row.ResourceAttributes),
    windows: new Map(),
  }));

  add(row: PointRow, atMs: number): void {
    const { text, windows } = this.#resources.get(row);
    const reading = readingOf(row);
    const startMs = windowStartMs(atMs);
    const attributes = attributeText(row.Attributes);
    const key = `${startMs}/${reading.shape}/${row.MetricName}\u0000${row.MetricUnit}\u0000${attributes}`;
    const point: WindowPoint = [atMs, reading.value, reading.weight];
    const window = windows.get(key);
    if (window === undefined) windows.set(key, firstOf(row, { text, attributes, startMs, reading, point }));
    else addPoint(window, reading, point);
  }

  /** All rows so far, in the order in which their keys first appeared in each resource. */
  rows(): MetricWindowRow[] {
    return [...this.#resources.values()].flatMap(({ windows }) => [...windows.values()]);
  }
}

function resourceKey(row: PointRow): string {
  return `${instanceKey(row)}\u0000${row.Node}\u0000${row.Zone}\u0000${resourceText(row.ResourceAttributes)}`;
}

function readingOf(row: PointRow): Reading {
  if ('Value' in row) {
    const { Value: value } = row;
    return { shape: shapeOfNumber(row), value, weight: 1, level: value };
  }
  const weight = Number(row.Count);
  const isDelta = 'AggregationTemporality' in row && row.AggregationTemporality === 1;
  const shape = isDelta ? 'distribution-delta' : 'distribution';
  return { shape, value: row.Sum, weight, level: weight === 0 ? 0 : row.Sum / weight };
}

function shapeOfNumber(row: RowOf['otel_metrics_gauge'] | RowOf['otel_metrics_sum']): SeriesShape {
  if (!('IsMonotonic' in row)) return 'gauge';
  if (row.AggregationTemporality === 1) return 'delta';
  return row.IsMonotonic ? 'counter' : 'gauge';
}

function addPoint(window: Summed, { value, weight, level }: Reading, point: WindowPoint): void {
  window.Points += 1;
  window.Sum += value;
  window.Weight += weight;
  window.Min = Math.min(window.Min, level);
  window.Max = Math.max(window.Max, level);
  if (isBefore(point, window.First)) window.First = point;
  if (isBefore(window.Last, point)) window.Last = point;
}

/** By time, then value, then weight: the same in any order of merging. */
function isBefore(a: WindowPoint, b: WindowPoint): boolean {
  return a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] < b[2];
}

interface FirstPoint {
  readonly text: string;
  readonly attributes: string;
  readonly startMs: number;
  readonly reading: Reading;
  readonly point: WindowPoint;
}

function firstOf(row: PointRow, { text, attributes, startMs, reading, point }: FirstPoint): Summed {
  return {
    Tenant: row.Tenant,
    Environment: row.Environment,
    WindowStart: startMs,
    Service: row.ServiceName,
    Metric: row.MetricName,
    Resource: text,
    Instance: row.Instance,
    Node: row.Node,
    Zone: row.Zone,
    Unit: row.MetricUnit,
    AttributeText: attributes,
    Shape: reading.shape,
    Points: 1,
    Sum: reading.value,
    Weight: reading.weight,
    Min: reading.level,
    Max: reading.level,
    First: point,
    Last: point,
  };
}
