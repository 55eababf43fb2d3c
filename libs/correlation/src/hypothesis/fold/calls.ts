/** Rows of operations and edges summed into before and during. The hot part of ranking: tens of thousands of rows in a large incident. */
import type { EdgeSource, EvidenceAnswer, Histogram, SpanKind } from '@faultline/model';
import { bucketMiddleUs } from '@faultline/model';

export interface CallStats {
  readonly calls: number;
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

/** What one instance did of an operation since the onset. */
export interface InstanceShare {
  readonly instance: string;
  readonly selfUs: number;
  readonly calls: number;
  readonly ownErrors: number;
}

export interface OperationPair extends Pair {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  /** Sorted by name. */
  readonly instances: readonly InstanceShare[];
}

export interface EdgePair extends Pair {
  readonly caller: string;
  readonly callee: string;
  readonly source: EdgeSource;
  readonly lastSeenMs: number;
}

/** Whether a slice counts as before or during; undefined: as neither. */
export type Side = boolean | undefined;

interface Sum {
  calls: number;
  errors: number;
  ownErrors: number;
  readonly duration: Histogram[];
  readonly inner: Histogram[];
}

interface Sums {
  readonly before: Sum;
  readonly during: Sum;
}

function newSums(): Sums {
  const empty = (): Sum => ({ calls: 0, errors: 0, ownErrors: 0, duration: [], inner: [] });
  return { before: empty(), during: empty() };
}

function addTo(sums: Sums, during: boolean, row: CallStats): void {
  const sum = during ? sums.during : sums.before;
  sum.calls += row.calls;
  sum.errors += row.errors;
  sum.ownErrors += row.ownErrors;
  sum.duration.push(row.duration);
  sum.inner.push(row.inner);
}

function finish({ before, during }: Sums): Pair {
  const one = (sum: Sum): CallStats => ({
    ...sum,
    duration: sumHistograms(sum.duration),
    inner: sumHistograms(sum.inner),
  });
  return { before: one(before), during: one(during) };
}

/** Buckets beyond this (2^128 us) do not occur in time; they share the last. */
const maxBuckets = 1024;
const scratch = new Float64Array(maxBuckets);

/** As `mergeHistograms`, over a fixed array instead of a map: ten times as fast, and this runs for every operation. Leaves the scratch zero. */
function sumHistograms(histograms: readonly Histogram[]): Histogram {
  if (histograms.length <= 1) return histograms[0] ?? [];
  let top = -1;
  for (const histogram of histograms)
    for (const [bucket, count] of histogram) {
      const at = Math.min(bucket, maxBuckets - 1);
      scratch[at] = (scratch[at] ?? 0) + count;
      if (at > top) top = at;
    }
  const sum: [number, number][] = [];
  for (let at = 0; at <= top; at++) {
    const count = scratch[at] ?? 0;
    if (count > 0) sum.push([at, count]);
    scratch[at] = 0;
  }
  return sum;
}

/** Values in the order of their keys. */
export function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

interface Group {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  readonly sums: Sums;
  readonly instances: Map<string, { selfUs: number; calls: number; ownErrors: number }>;
}

/** One pair for each service, operation and kind, sorted. */
export function foldOperations(answer: EvidenceAnswer, isDuring: readonly Side[]): OperationPair[] {
  const groups = new Map<string, Group>();
  for (const row of answer.operations) {
    const during = isDuring[row.slice];
    if (during === undefined) continue;
    const key = `${row.service}\n${row.operation}\n${row.kind}`;
    const group = groups.get(key) ?? { ...nameOf(row), sums: newSums(), instances: new Map() };
    groups.set(key, group);
    addTo(group.sums, during, { ...row, inner: row.self });
    if (during) addInstance(group, row);
  }
  return sortedValues(groups).map(({ service, operation, kind, sums, instances }) => ({
    service,
    operation,
    kind,
    ...finish(sums),
    instances: [...instances].sort(([a], [b]) => (a < b ? -1 : 1)).map(([instance, share]) => ({ instance, ...share })),
  }));
}

type OperationRow = EvidenceAnswer['operations'][number];

function nameOf({ service, operation, kind }: OperationRow): Pick<Group, 'service' | 'operation' | 'kind'> {
  return { service, operation, kind };
}

function addInstance({ instances }: Group, row: OperationRow): void {
  const share = instances.get(row.instance) ?? { selfUs: 0, calls: 0, ownErrors: 0 };
  instances.set(row.instance, share);
  for (const [bucket, count] of row.self) {
    share.selfUs += bucketMiddleUs(bucket) * count;
    share.calls += count;
  }
  share.ownErrors += row.ownErrors;
}

/** One pair for each caller and callee, sorted. */
export function foldEdges(answer: EvidenceAnswer, isDuring: readonly Side[]): EdgePair[] {
  const groups = new Map<string, Pick<EdgePair, 'caller' | 'callee' | 'source'> & { lastSeenMs: number; sums: Sums }>();
  for (const row of answer.edges) {
    const { caller, callee, source } = row;
    const key = `${caller}\n${callee}`;
    const group = groups.get(key) ?? { caller, callee, source, lastSeenMs: 0, sums: newSums() };
    groups.set(key, group);
    group.lastSeenMs = Math.max(group.lastSeenMs, row.lastSeenMs);
    const during = isDuring[row.slice];
    if (during !== undefined) addTo(group.sums, during, { ...row, ownErrors: 0, inner: row.gap });
  }
  return sortedValues(groups).map(({ sums, ...edge }) => ({ ...edge, ...finish(sums) }));
}
