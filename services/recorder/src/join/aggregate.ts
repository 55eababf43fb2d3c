/**
 * Sums the observations of closed sessions by window and key, into the rows of one checkpoint. Sums do not depend on
 * order or on how the records were split.
 */
import { bucketOf, type EdgeSource, type Histogram } from '@faultline/model';
import {
  type ChildWindowRow,
  type EdgeWindowRow,
  noCalls,
  type OperationWindowRow,
  type TemplateWindowRow,
} from '@faultline/store';
import type { Operation, Sender, Template } from './span.ts';

/** One end of an edge: a service that sends spans, or the name of one that does not. */
export type EdgeEnd = Pick<Sender, 'service' | 'instance'>;

export interface EdgeObservation {
  readonly scope: Pick<Sender, 'tenant' | 'environment'>;
  readonly caller: EdgeEnd;
  readonly callee: EdgeEnd;
  readonly operation: string;
  readonly source: EdgeSource;
  readonly windowMs: number;
  readonly calls: number;
  readonly errors: number;
  /** Null when only the number of calls is known. */
  readonly durationUs: number | null;
  /** Client duration minus server duration; null when only one of them is known. */
  readonly gapUs: number | null;
  readonly lastSeenMs: number;
}

export interface SettledSpan {
  readonly operation: Operation;
  readonly windowMs: number;
  readonly selfUs: number;
  readonly ownError: boolean;
}

export interface ChildObservation {
  readonly parent: Operation;
  readonly child: Operation;
  readonly windowMs: number;
  readonly calls: number;
  readonly errors: number;
}

export interface TemplateObservation {
  readonly sender: Sender;
  /** Empty when the lines have no span. */
  readonly operation: string;
  readonly template: Template;
  readonly severityNumber: number;
  readonly windowMs: number;
  readonly lines: number;
  readonly spans: number;
}

export interface DerivedRows {
  readonly selfTimes: readonly OperationWindowRow[];
  readonly edges: readonly EdgeWindowRow[];
  readonly templates: readonly TemplateWindowRow[];
  readonly children: readonly ChildWindowRow[];
}

export interface Aggregate {
  span(observed: SettledSpan): void;
  edge(observed: EdgeObservation): void;
  child(observed: ChildObservation): void;
  template(observed: TemplateObservation): void;
  /** Returns all rows so far, in the order in which their keys first appeared. */
  rows(): DerivedRows;
}

type Writable<Row> = { -readonly [Key in keyof Row]: Row[Key] };
type Counts = Map<number, number>;
type Summed<Row, Counted extends keyof Row> = Writable<Omit<Row, Counted>> & { [Key in Counted]: Counts };

/** Creates an empty aggregate. */
export function createAggregate(): Aggregate {
  const selfTimes = new Map<string, Summed<OperationWindowRow, 'Self'>>();
  const edges = new Map<string, Summed<EdgeWindowRow, 'Duration' | 'Gap'>>();
  const templates = new Map<string, Writable<TemplateWindowRow>>();
  const children = new Map<string, Writable<ChildWindowRow>>();
  return {
    span: ({ operation, windowMs, selfUs, ownError }) => {
      const row = upsert(selfTimes, `${operation.id}/${windowMs}`, () => emptySelfTime(operation, windowMs));
      row.SettledCalls++;
      if (ownError) row.OwnErrors++;
      count(row.Self, selfUs);
    },
    edge: (observed) => {
      const row = upsert(edges, edgeKey(observed), () => emptyEdge(observed));
      row.Calls += observed.calls;
      row.Errors += observed.errors;
      row.LastSeen = Math.max(row.LastSeen, observed.lastSeenMs);
      if (observed.durationUs !== null) count(row.Duration, observed.durationUs);
      if (observed.gapUs !== null) count(row.Gap, observed.gapUs);
    },
    child: (observed) => {
      const { parent, child, windowMs } = observed;
      const row = upsert(children, `${parent.pair}/${child.pair}/${windowMs}`, () => emptyChild(observed));
      row.Spans++;
      row.Calls += observed.calls;
      row.Errors += observed.errors;
    },
    template: (observed) => {
      const { sender, operation, template, windowMs } = observed;
      const key = `${sender.id}/${template.id}/${windowMs}/${operation}`;
      const row = upsert(templates, key, () => emptyTemplate(observed));
      row.Lines += observed.lines;
      row.Spans += observed.spans;
      row.SeverityNumber = Math.max(row.SeverityNumber, observed.severityNumber);
    },
    rows: () => ({
      selfTimes: [...selfTimes.values()].map((row) => ({ ...row, Self: histogram(row.Self) })),
      edges: [...edges.values()].map((row) => ({ ...row, Duration: histogram(row.Duration), Gap: histogram(row.Gap) })),
      templates: [...templates.values()],
      children: [...children.values()],
    }),
  };
}

function upsert<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}

function count(counts: Counts, us: number): void {
  const bucket = bucketOf(us);
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
}

function histogram(counts: Counts): Histogram {
  return [...counts].sort(([a], [b]) => a - b);
}

function scopeColumns({ tenant, environment }: Pick<Sender, 'tenant' | 'environment'>) {
  return { Tenant: tenant, Environment: environment };
}

function emptySelfTime({ sender, name, kind }: Operation, windowMs: number) {
  return {
    ...scopeColumns(sender),
    WindowStart: windowMs,
    Service: sender.service,
    Instance: sender.instance,
    Operation: name,
    Kind: kind,
    Version: sender.version,
    ...noCalls,
    SettledCalls: 0,
    OwnErrors: 0,
    Self: new Map(),
  };
}

function edgeKey({ scope, caller, callee, operation, source, windowMs }: EdgeObservation): string {
  return [
    scope.tenant,
    scope.environment,
    caller.service,
    caller.instance,
    callee.service,
    callee.instance,
    source,
    windowMs,
    operation,
  ].join('\u0000');
}

function emptyEdge({ scope, caller, callee, operation, source, windowMs, lastSeenMs }: EdgeObservation) {
  return {
    ...scopeColumns(scope),
    WindowStart: windowMs,
    Caller: caller.service,
    Callee: callee.service,
    CallerInstance: caller.instance,
    CalleeInstance: callee.instance,
    Operation: operation,
    Source: source,
    Calls: 0,
    Errors: 0,
    Duration: new Map(),
    Gap: new Map(),
    LastSeen: lastSeenMs,
  };
}

function emptyChild({ parent, child, windowMs }: ChildObservation) {
  return {
    ...scopeColumns(parent.sender),
    WindowStart: windowMs,
    Service: parent.sender.service,
    Operation: parent.name,
    ChildService: child.sender.service,
    ChildOperation: child.name,
    Spans: 0,
    Calls: 0,
    Errors: 0,
  };
}

function emptyTemplate({ sender, operation, template, windowMs }: TemplateObservation) {
  return {
    ...scopeColumns(sender),
    WindowStart: windowMs,
    Service: sender.service,
    Instance: sender.instance,
    Operation: operation,
    Template: template.id,
    Text: template.text,
    SeverityNumber: 0,
    Lines: 0,
    Spans: 0,
  };
}
