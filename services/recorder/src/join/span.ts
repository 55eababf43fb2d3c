/** What the join stores of a span or log line while its trace is open: only what its rows need. */
import type { SpanKind } from '@faultline/model';

/** The sender of an item. All items of one sender share one object. */
export interface Sender {
  readonly id: number;
  readonly tenant: string;
  readonly environment: string;
  readonly service: string;
  /** The pod, or `service.instance.id`, or the host, or empty. */
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  readonly version: string;
}

/**
 * An operation and span kind of one sender. `pair` is the same number for the same service and operation on any
 * instance.
 */
export interface Operation {
  readonly id: number;
  readonly pair: number;
  readonly sender: Sender;
  readonly name: string;
  readonly kind: SpanKind;
}

export interface PendingSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly operation: Operation;
  /** Microseconds since the epoch: an integer that a double holds exactly. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly error: boolean;
  /** The other side of a client, producer or consumer span, if its attributes name it; otherwise empty. */
  readonly peer: string;
  /** True when the message flows from the peer to this span's service: it consumes. */
  readonly readsPeer: boolean;
  /** The span of the same trace that a consumer without a parent links to; otherwise empty. */
  readonly linkedSpanId: string;
}

export interface Template {
  readonly id: string;
  readonly text: string;
}

export interface PendingLog {
  readonly spanId: string;
  readonly sender: Sender;
  readonly template: Template;
  readonly severityNumber: number;
  readonly timeMs: number;
}
