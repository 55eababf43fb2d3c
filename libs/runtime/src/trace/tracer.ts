/**
 * Tracing as the services see it: a span for each unit of work of a loop, and steps within it. `noTracer` runs the work
 * without tracing. Attributes may hold names, codes, ids and counts, but never a secret or the text of an alert or log
 * line.
 */

/** The headers that connect a record's span with the spans it leads to: W3C's `traceparent`, possibly among others. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** The headers of untraced work. */
export const noTrace: TraceHeaders = {};

export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * How a span begins. Names and attributes follow OpenTelemetry's semantic conventions; `faultline.*` where these have
 * none.
 */
export interface SpanBegin {
  /** Takes few different values. What varies is an attribute. */
  readonly name: string;
  /** Default: internal. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /**
   * The headers of its causes. If they belong to one trace, the span continues it. If they belong to several, it starts
   * a trace and links to them. If none is traced, neither is the span.
   */
  readonly causes?: readonly TraceHeaders[];
  /** Spans to link to only. */
  readonly links?: readonly TraceHeaders[];
}

export interface Span {
  /** Headers for the records that the work writes. */
  readonly headers: TraceHeaders;
  set(attributes: SpanAttributes): void;
  /** Marks a failure that did not throw, by a code or an error's code. */
  fail(error: unknown): void;
  /** Drops the span and everything it leads to. Call it before the first step. */
  discard(): void;
}

export interface Tracer {
  /**
   * Runs a unit of work in a span that ends with it. A rejection is recorded by its code and rethrown. `begin` is
   * called only when spans are recorded.
   */
  run<Value>(begin: () => SpanBegin, work: (span: Span) => Promise<Value>): Promise<Value>;
  /** The same for a part of the current unit of work. Outside of one nothing is recorded. */
  step<Value>(begin: () => SpanBegin, work: (span: Span) => Promise<Value>): Promise<Value>;
}

/** A span that records nothing. */
export const noSpan: Span = { headers: noTrace, set() {}, fail() {}, discard() {} };

/** A tracer that records nothing. */
export const noTracer: Tracer = {
  run: (_begin, work) => work(noSpan),
  step: (_begin, work) => work(noSpan),
};
