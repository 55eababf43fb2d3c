/** What the join keeps of a span or a log line while its trace is open: as little as its rows will need. */
import type { SpanKind } from '@faultline/model';

/** Who sent an item. One object for each distinct sender, shared by everything it sent. */
export interface Sender {
  readonly id: number;
  readonly tenant: string;
  readonly environment: string;
  readonly service: string;
  /** The pod, else `service.instance.id`, else the host, else empty. */
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  readonly version: string;
}

/** An operation and kind at one sender. `pair` is the same number for the same service and operation at any instance. */
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
  /** Microseconds since the epoch: whole, and exact in a double. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly error: boolean;
  /** Whom a client, producer or consumer span speaks with, as far as its attributes tell; else empty. */
  readonly peer: string;
  /** The message flows from the peer to this span's service: it consumes. */
  readonly readsPeer: boolean;
  /** The span of the same trace that it links to, for a consumer without a parent; else empty. */
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
