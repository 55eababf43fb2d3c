/** A simple, slow trace join over all spans at once. Tests compare the real one with it. */
import { bucketOf } from '@faultline/model';
import type {
  Batch,
  ChildWindowRow,
  EdgeWindowRow,
  OperationWindowRow,
  TemplateWindowRow,
  TraceRow,
} from '@faultline/store';
import { baseMs, type SpanSpec } from './block.ts';

export type Sums = Record<string, number>;

/**
 * Sums by key, over traces that each settle as one session. Supports only one instance per service, no links and no
 * logs.
 */
export function referenceSums(spans: readonly SpanSpec[]): Sums {
  const sums: Sums = {};
  for (const span of spans) {
    const trace = spans.filter((other) => other.trace === span.trace);
    const window = baseMs + Math.floor(span.from / 10_000) * 10_000;
    const children = trace.filter((other) => other.parent === span.id);
    const parent = trace.find((other) => other.id === span.parent);
    const isError = span.status === 'error';
    const key = `${window} ${span.service} ${span.name}`;
    add(sums, `raw ${span.service} ${span.name} ${isError ? 'Error' : 'Unset'}`, 1);
    add(sums, `settled ${key}`, 1);
    add(sums, `own errors ${key}`, isError && !children.some((child) => child.status === 'error') ? 1 : 0);
    add(sums, `self ${key} ${bucketOf(referenceSelfMs(span, trace) * 1_000)}`, 1);
    if (parent !== undefined && parent.service !== span.service)
      addEdge(sums, `${window} ${parent.service}>${span.service} trace ${span.name}`, edgeOf(span, parent, trace));
    if (span.kind === 'client' && span.attributes !== undefined && !reachesOther(span, trace))
      addEdge(sums, `${window} ${span.service}>${span.attributes['peer.service']} client-span ${span.name}`, {
        error: isError,
        ms: span.to - span.from,
        gapMs: null,
      });
    for (const name of new Set(children.map((child) => `${child.service} ${child.name}`))) {
      const same = children.filter((child) => `${child.service} ${child.name}` === name);
      add(sums, `child spans ${key}>${name}`, 1);
      add(sums, `child calls ${key}>${name}`, same.length);
      add(sums, `child errors ${key}>${name}`, same.filter((child) => child.status === 'error').length);
    }
  }
  return sums;
}

/** Counts the milliseconds in which no child and no contained call of the same service runs. */
function referenceSelfMs(span: SpanSpec, trace: readonly SpanSpec[]): number {
  const waits = trace.filter(
    (other) =>
      other.parent === span.id ||
      (other !== span &&
        other.kind === 'client' &&
        other.service === span.service &&
        other.from >= span.from &&
        other.to <= span.to),
  );
  let self = 0;
  for (let ms = span.from; ms < span.to; ms++) if (!waits.some(({ from, to }) => from <= ms && ms < to)) self++;
  return self;
}

interface ReferenceEdge {
  readonly error: boolean;
  readonly ms: number;
  readonly gapMs: number | null;
}

function edgeOf(span: SpanSpec, parent: SpanSpec, trace: readonly SpanSpec[]): ReferenceEdge {
  const others = trace.filter((child) => child.parent === parent.id && child.service !== parent.service);
  const ms = span.to - span.from;
  const error = span.status === 'error';
  if (parent.kind !== 'client' || others.length !== 1) return { error, ms, gapMs: null };
  const clientMs = parent.to - parent.from;
  return { error: error || parent.status === 'error', ms: clientMs, gapMs: Math.max(0, clientMs - ms) };
}

function reachesOther(span: SpanSpec, trace: readonly SpanSpec[]): boolean {
  return trace.some(
    (child) => child.parent === span.id && (child.service !== span.service || reachesOther(child, trace)),
  );
}

function addEdge(sums: Sums, key: string, { error, ms, gapMs }: ReferenceEdge): void {
  add(sums, `edge calls ${key}`, 1);
  add(sums, `edge errors ${key}`, error ? 1 : 0);
  add(sums, `edge ms ${key} ${bucketOf(ms * 1_000)}`, 1);
  if (gapMs !== null) add(sums, `edge gap ${key} ${bucketOf(gapMs * 1_000)}`, 1);
}

function add(sums: Sums, key: string, count: number): void {
  if (count > 0) sums[key] = (sums[key] ?? 0) + count;
}

/** Lines and spans by operation, window and template. */
export function templateSums(batches: Iterable<Pick<Batch, 'table' | 'rows'>>): Sums {
  const sums: Sums = {};
  for (const { table, rows } of batches)
    if (table === 'template_windows')
      for (const row of rows as readonly TemplateWindowRow[]) {
        const key = `${row.WindowStart} ${row.Service} ${row.Operation} ${row.Text}`;
        add(sums, `lines ${key}`, row.Lines);
        add(sums, `spans ${key}`, row.Spans);
      }
  return sums;
}

/** The same sums from rows, as the store's windows would add them up. */
export function sumsOf(batches: Iterable<Pick<Batch, 'table' | 'rows'>>): Sums {
  const sums: Sums = {};
  for (const { table, rows } of batches) {
    if (table === 'otel_traces') for (const row of rows as readonly TraceRow[]) addRaw(sums, row);
    if (table === 'operation_windows') for (const row of rows as readonly OperationWindowRow[]) addSelf(sums, row);
    if (table === 'edge_windows') for (const row of rows as readonly EdgeWindowRow[]) addEdgeRow(sums, row);
    if (table === 'child_windows') for (const row of rows as readonly ChildWindowRow[]) addChild(sums, row);
  }
  return sums;
}

function addRaw(sums: Sums, row: TraceRow): void {
  add(sums, `raw ${row.ServiceName} ${row.SpanName} ${row.StatusCode}`, 1);
}

function addSelf(sums: Sums, row: OperationWindowRow): void {
  const key = `${row.WindowStart} ${row.Service} ${row.Operation}`;
  add(sums, `settled ${key}`, row.SettledCalls);
  add(sums, `own errors ${key}`, row.OwnErrors);
  for (const [bucket, count] of row.Self) add(sums, `self ${key} ${bucket}`, count);
}

function addEdgeRow(sums: Sums, row: EdgeWindowRow): void {
  const key = `${row.WindowStart} ${row.Caller}>${row.Callee} ${row.Source} ${row.Operation}`;
  add(sums, `edge calls ${key}`, row.Calls);
  add(sums, `edge errors ${key}`, row.Errors);
  for (const [bucket, count] of row.Duration) add(sums, `edge ms ${key} ${bucket}`, count);
  for (const [bucket, count] of row.Gap) add(sums, `edge gap ${key} ${bucket}`, count);
}

function addChild(sums: Sums, row: ChildWindowRow): void {
  const key = `${row.WindowStart} ${row.Service} ${row.Operation}>${row.ChildService} ${row.ChildOperation}`;
  add(sums, `child spans ${key}`, row.Spans);
  add(sums, `child calls ${key}`, row.Calls);
  add(sums, `child errors ${key}`, row.Errors);
}
