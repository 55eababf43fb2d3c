/** Telemetry before it is encoded. */

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** The sending instance, with its name and version at that time. */
export interface Sender {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  readonly cluster: string;
  readonly version: string;
}

export interface SentSpan {
  readonly sender: Sender;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SentLog {
  readonly sender: Sender;
  /** Null for a line outside any request. */
  readonly span: Pick<SentSpan, 'traceId' | 'spanId'> | null;
  readonly atMs: number;
  readonly severity: 'INFO' | 'WARN' | 'ERROR';
  readonly body: string;
}

/** One point of one series. */
export interface SentPoint {
  readonly sender: Sender;
  readonly metric: string;
  readonly unit: string;
  /** A counter grows monotonically. */
  readonly kind: 'counter' | 'gauge';
  readonly atMs: number;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}
