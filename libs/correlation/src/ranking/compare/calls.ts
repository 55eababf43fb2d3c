/** Groups of operation and edge rows summed into before and during. The hot part of ranking: tens of thousands of rows in a large incident. */
import type { EdgeRow, EdgeSource, Histogram, OperationRow, SpanKind } from '@faultline/model';
import { bucketMiddleUs } from '@faultline/model';
import type { Groups } from '../rows/group.ts';

export interface CallStats {
  readonly calls: number;
  /** Calls in settled traces: what self time, own errors and steps are counted of. 0 for edges, which are settled by nature. */
  readonly settledCalls: number;
  readonly errors: number;
  readonly ownErrors: number;
  readonly duration: Histogram;
  /** Self time of an operation; client less server time of an edge. */
  readonly inner: Histogram;
}

export interface Pair {
  readonly before: CallStats;
  readonly during: CallStats;
}

/** What one instance did since the onset: of an operation, or of the calls that came over an edge. */
export interface InstanceShare {
  readonly instance: string;
  /** Self time of an operation; client less server time of an edge. */
  readonly innerUs: number;
  readonly calls: number;
  readonly ownErrors: number;
}

export interface OperationPair extends Pair {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  /** Sorted by name. */
  readonly instances: readonly InstanceShare[];
  /** What the sums were made of, for looking at slices one by one. */
  readonly rows: readonly OperationRow[];
}

export interface EdgePair extends Pair {
  readonly caller: string;
  readonly callee: string;
  readonly source: EdgeSource;
  readonly lastSeenMs: number;
  /** Of the callee, sorted by name; one without a name where they are not told apart. */
  readonly instances: readonly InstanceShare[];
  readonly rows: readonly EdgeRow[];
}

/** Whether a slice counts as before or during; undefined: as neither. */
export type Side = boolean | undefined;

/** Operations with another during; their before stays as it was summed. */
export function withDuring<Pairs extends Pair>(
  pairs: readonly Pairs[],
  groups: readonly { readonly rows: readonly Counted[] }[],
  isDuring: readonly Side[],
): Pairs[] {
  return pairs.map((pair, i) => ({
    ...pair,
    during: sumSide(groups[i]?.rows ?? [], isDuring, { side: true, inner: () => [] }),
  }));
}

interface Counted {
  readonly slice: number;
  readonly calls: number;
  readonly errors: number;
  readonly ownErrors?: number;
  readonly settledCalls?: number;
  readonly duration: Histogram;
}

/** Sums the rows of one group whose slice is on `side`. */
export function sumSide<Row extends Counted>(
  rows: readonly Row[],
  isDuring: readonly Side[],
  { side, inner }: { side: boolean; inner: (row: Row) => Histogram },
): CallStats {
  const own = rows.filter(({ slice }) => isDuring[slice] === side);
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

function durationOf({ duration }: Counted): Histogram {
  return duration;
}

/** Calls of each slice and how many of them were hit, for tests that look at slices one by one. */
export function countsBySlice<Row extends { readonly slice: number; readonly calls: number }>(
  rows: readonly Row[],
  slices: number,
  hit: (row: Row) => number,
): { hits: Float64Array; of: Float64Array } {
  const [hits, of] = [new Float64Array(slices), new Float64Array(slices)];
  for (const row of rows) {
    of[row.slice] = (of[row.slice] ?? 0) + row.calls;
    hits[row.slice] = (hits[row.slice] ?? 0) + hit(row);
  }
  return { hits, of };
}

/** Buckets beyond this (2^128 us) do not occur in time; they share the last. */
const maxBuckets = 1024;
const scratch = new Float64Array(maxBuckets);

/** As `mergeHistograms`, over a fixed array instead of a map: ten times as fast, and this runs for every operation. Leaves the scratch zero. */
function sumHistograms<Row>(rows: readonly Row[], pick: (row: Row) => Histogram): Histogram {
  const [only] = rows;
  if (only === undefined) return [];
  if (rows.length === 1) return pick(only);
  let top = -1;
  let low = maxBuckets;
  for (const row of rows)
    for (const [bucket, count] of pick(row)) {
      const at = bucket < maxBuckets ? bucket : maxBuckets - 1;
      scratch[at] = (scratch[at] ?? 0) + count;
      if (at > top) top = at;
      if (at < low) low = at;
    }
  const sum: [number, number][] = [];
  for (let at = low; at <= top; at++) {
    const count = scratch[at] ?? 0;
    if (count > 0) sum.push([at, count]);
    scratch[at] = 0;
  }
  return sum;
}

/** One pair for each service, operation and kind, in the order of the groups. */
export function foldOperations({ operations }: Groups, isDuring: readonly Side[]): OperationPair[] {
  const inner = (row: OperationRow): Histogram => row.self;
  return operations.map(({ service, operation, kind, rows }) => ({
    service,
    operation,
    kind,
    before: sumSide(rows, isDuring, { side: false, inner }),
    during: sumSide(rows, isDuring, { side: true, inner }),
    instances: instancesOf(rows, isDuring, (row) => ({ ...row, inner: row.self })),
    rows,
  }));
}

interface OfInstance {
  readonly instance: string;
  readonly ownErrors: number;
  readonly inner: Histogram;
}

function instancesOf<Row extends { readonly slice: number }>(
  rows: readonly Row[],
  isDuring: readonly Side[],
  read: (row: Row) => OfInstance,
): InstanceShare[] {
  const found = new Map<string, { instance: string; innerUs: number; calls: number; ownErrors: number }>();
  for (const row of rows) {
    if (isDuring[row.slice] !== true) continue;
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

const middles = Float64Array.from({ length: maxBuckets }, (_, bucket) => bucketMiddleUs(bucket));

function middleUs(bucket: number): number {
  return middles[Math.min(bucket, maxBuckets - 1)] ?? 0;
}

/** One pair for each caller and callee, in the order of the groups. */
export function foldEdges({ edges }: Groups, isDuring: readonly Side[]): EdgePair[] {
  const inner = (row: { gap: Histogram }): Histogram => row.gap;
  return edges.map(({ caller, callee, source, rows }) => ({
    caller,
    callee,
    source,
    rows,
    instances: instancesOf(rows, isDuring, ({ calleeInstance, gap }) => ({
      instance: calleeInstance,
      ownErrors: 0,
      inner: gap,
    })),
    lastSeenMs: rows.reduce((latest, row) => Math.max(latest, row.lastSeenMs), 0),
    before: sumSide(rows, isDuring, { side: false, inner }),
    during: sumSide(rows, isDuring, { side: true, inner }),
  }));
}
