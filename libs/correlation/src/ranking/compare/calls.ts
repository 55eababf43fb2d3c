/** Operations and call edges, each summed over the baseline and over the incident window. */
import type { EdgeRow, EdgeSource, Histogram, OperationRow, SpanKind } from '@faultline/model';
import type { Window } from '../input/window.ts';
import type { CallEdge } from '../rows/call-edge.ts';
import type { Groups } from '../rows/group.ts';
import { middleUs, sumHistograms } from '../statistics/sum-histograms.ts';

export interface CallStats {
  readonly calls: number;
  /** Calls in settled traces: the base of self time, originating errors and patterns. 0 for edges. */
  readonly settledCalls: number;
  readonly errors: number;
  /** Errors that no child call explains. */
  readonly ownErrors: number;
  readonly duration: Histogram;
  /** Self time of an operation; client time less server time of an edge. */
  readonly inner: Histogram;
}

/** The same calls in both windows. */
export interface CallComparison {
  readonly before: CallStats;
  readonly during: CallStats;
}

/** What one instance did in the incident window, for an operation or for the calls over an edge. */
export interface InstanceShare {
  readonly instance: string;
  /** Self time of an operation; client time less server time of an edge. */
  readonly innerUs: number;
  readonly calls: number;
  readonly ownErrors: number;
}

export interface OperationComparison extends CallComparison {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  /** Sorted by name. */
  readonly instances: readonly InstanceShare[];
  /** The rows behind the sums, for tests that look at single slices. */
  readonly rows: readonly OperationRow[];
}

export interface EdgeComparison extends CallComparison, CallEdge {
  readonly source: EdgeSource;
  readonly lastSeenMs: number;
  /** Instances of the callee, sorted by name. A single one without a name where rows do not tell them apart. */
  readonly instances: readonly InstanceShare[];
  readonly rows: readonly EdgeRow[];
}

/** One comparison for each service, operation and span kind, in the order of the groups. */
export function compareOperations(
  { operations }: Pick<Groups, 'operations'>,
  windows: readonly Window[],
): OperationComparison[] {
  const inner = (row: OperationRow): Histogram => row.self;
  return operations.map(({ service, operation, kind, rows }) => ({
    service,
    operation,
    kind,
    before: sumWindow(rows, windows, { window: 'baseline', inner }),
    during: sumWindow(rows, windows, { window: 'incident', inner }),
    instances: instancesOf(rows, windows, (row) => ({ ...row, inner: row.self })),
    rows,
  }));
}

/** One comparison for each caller and callee, in the order of the groups. */
export function compareEdges({ edges }: Pick<Groups, 'edges'>, windows: readonly Window[]): EdgeComparison[] {
  const inner = (row: { gap: Histogram }): Histogram => row.gap;
  return edges.map(({ caller, callee, source, rows }) => ({
    caller,
    callee,
    source,
    rows,
    instances: instancesOf(rows, windows, ({ calleeInstance, gap }) => ({
      instance: calleeInstance,
      ownErrors: 0,
      inner: gap,
    })),
    lastSeenMs: rows.reduce((latest, row) => Math.max(latest, row.lastSeenMs), 0),
    before: sumWindow(rows, windows, { window: 'baseline', inner }),
    during: sumWindow(rows, windows, { window: 'incident', inner }),
  }));
}

/** The same comparisons with another incident window. Their baseline stays as it was summed. */
export function withIncidentWindow<Compared extends CallComparison>(
  compared: readonly Compared[],
  groups: readonly { readonly rows: readonly CountedRow[] }[],
  windows: readonly Window[],
): Compared[] {
  return compared.map((one, i) => ({
    ...one,
    during: sumWindow(groups[i]?.rows ?? [], windows, { window: 'incident', inner: () => [] }),
  }));
}

interface CountedRow {
  readonly slice: number;
  readonly calls: number;
  readonly errors: number;
  readonly ownErrors?: number;
  readonly settledCalls?: number;
  readonly duration: Histogram;
}

/** Sums the rows of one group whose slice is in the window. */
export function sumWindow<Row extends CountedRow>(
  rows: readonly Row[],
  windows: readonly Window[],
  { window, inner }: { window: Window; inner: (row: Row) => Histogram },
): CallStats {
  const own = rows.filter(({ slice }) => windows[slice] === window);
  let [calls, settledCalls, errors, ownErrors] = [0, 0, 0, 0];
  for (const row of own) {
    calls += row.calls;
    settledCalls += row.settledCalls ?? 0;
    errors += row.errors;
    ownErrors += row.ownErrors ?? 0;
  }
  const duration = sumHistograms(own, durationOf);
  return { calls, settledCalls, errors, ownErrors, duration, inner: sumHistograms(own, inner) };
}

function durationOf({ duration }: CountedRow): Histogram {
  return duration;
}

interface OfInstance {
  readonly instance: string;
  readonly ownErrors: number;
  readonly inner: Histogram;
}

function instancesOf<Row extends { readonly slice: number }>(
  rows: readonly Row[],
  windows: readonly Window[],
  read: (row: Row) => OfInstance,
): InstanceShare[] {
  const found = new Map<string, { instance: string; innerUs: number; calls: number; ownErrors: number }>();
  for (const row of rows) {
    if (windows[row.slice] !== 'incident') continue;
    const { instance, ownErrors, inner } = read(row);
    const share = found.get(instance) ?? { instance, innerUs: 0, calls: 0, ownErrors: 0 };
    found.set(instance, share);
    share.ownErrors += ownErrors;
    for (const [bucket, count] of inner) {
      share.innerUs += middleUs(bucket) * count;
      share.calls += count;
    }
  }
  return [...found.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1));
}
