/**
 * Faultline's own traces, as the services see them: a span for each unit of work at a shell's loop, and steps within it. Who traces is not
 * known here; `noTracer` does the work and nothing else. What may be in an attribute: names, codes, ids and counts. Never a secret, never
 * the text of an alert or of a log line.
 */

/** What travels with a record from one span to those it leads to: `traceparent` as W3C writes it, among other headers or none. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Of what nobody traces. */
export const noTrace: TraceHeaders = {};

export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** How a span begins. Names and attributes are those of OpenTelemetry's semantic conventions, and `faultline.*` where these have none. */
export interface SpanBegin {
  /** Of few different values: what varies is an attribute. */
  readonly name: string;
  /** Default: internal. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /**
   * The headers of what brought it about. When these are of one trace it is continued; when they are of many, the span begins a trace and links to
   * them. When none of them is traced, neither is this.
   */
  readonly causes?: readonly TraceHeaders[];
  /** What it only links to. */
  readonly links?: readonly TraceHeaders[];
}

export interface Span {
  /** For the records that it writes. */
  readonly headers: TraceHeaders;
  set(attributes: SpanAttributes): void;
  /** It failed without throwing: by a code, or by the code of an error. */
  fail(error: unknown): void;
  /** Neither it nor what it leads to is to be seen. Before its first step. */
  discard(): void;
}

export interface Tracer {
  /**
   * Does a unit of work within a span that ends with it. A rejection is recorded by its code and passed on. `begin` is called only when spans are
   * recorded.
   */
  run<Value>(begin: () => SpanBegin, work: (span: Span) => Promise<Value>): Promise<Value>;
  /** The same for a part of the unit of work that it is called in; outside of one nothing is recorded. */
  step<Value>(begin: () => SpanBegin, work: (span: Span) => Promise<Value>): Promise<Value>;
}

/** Records nothing. */
export const noSpan: Span = { headers: noTrace, set() {}, fail() {}, discard() {} };

/** Traces nothing. */
export const noTracer: Tracer = {
  run: (_begin, work) => work(noSpan),
  step: (_begin, work) => work(noSpan),
};
