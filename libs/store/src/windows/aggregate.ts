/**
 * Sums raw rows into windows and presence before they are inserted. The engine's views did this before: each of them
 * cost a part of its own in each insert (docs/adr/0041-cost-of-views.md). Pure: the same rows give the same sums.
 */
import type { LogRow, MetricWindowRow, OperationWindowRow, PresenceRow, TraceRow } from '../rows.ts';
import { OperationWindows } from './operations.ts';
import { Presence } from './presence.ts';
import { type PointRow, SeriesWindows } from './series.ts';

export interface WindowRows {
  readonly operation_windows: readonly OperationWindowRow[];
  readonly metric_windows: readonly MetricWindowRow[];
  readonly presence: readonly PresenceRow[];
}

export interface WindowAggregate {
  spans(rows: readonly TraceRow[]): void;
  logs(rows: readonly LogRow[]): void;
  points(rows: readonly PointRow[]): void;
  /** All sums so far. */
  rows(): WindowRows;
}

/** Creates an empty aggregate. */
export function createWindowAggregate(): WindowAggregate {
  const operations = new OperationWindows();
  const series = new SeriesWindows();
  const presence = new Presence();
  return {
    spans: (rows) => {
      for (const row of rows) {
        const atMs = msOf(row.Timestamp);
        operations.add(row, atMs);
        presence.add(row, 'LastSpan', atMs);
      }
    },
    logs: (rows) => {
      for (const row of rows) presence.add(row, 'LastLog', msOf(row.Timestamp));
    },
    points: (rows) => {
      for (const row of rows) {
        const atMs = msOf(row.TimeUnix);
        series.add(row, atMs);
        presence.add(row, 'LastMetric', atMs);
      }
    },
    rows: () => ({
      operation_windows: operations.rows(),
      metric_windows: series.rows(),
      presence: presence.rows(),
    }),
  };
}

const nsPerMs = 1_000_000n;

/** Times that no column holds are moved into its range, as in the raw row. */
function msOf(ns: bigint): number {
  return ns <= 0n ? 0 : Number((ns > maxNs ? maxNs : ns) / nsPerMs);
}

const maxNs = 2n ** 63n - 1n;
