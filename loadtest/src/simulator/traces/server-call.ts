/** One call in work at one instance, and what the functions of this folder pass to each other. */
import type { Random } from '../../random/random.ts';
import type { Change } from '../fault/change.ts';
import type { CallSite, Effects } from '../fault/effect.ts';
import type { Flow } from '../flow/flow.ts';
import type { InstanceFrame } from '../flow/frame.ts';
import type { Instance, Operation, System } from '../system/system.ts';
import type { Sender, SentLog, SentSpan } from '../telemetry/telemetry.ts';

export interface TraceOptions {
  readonly system: System;
  readonly effects: Effects;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly random: Random;
  readonly emitSpan: (span: SentSpan) => void;
  readonly emitLog: (log: SentLog) => void;
}

/** One request on its way through the system. */
export interface Trace extends TraceOptions {
  readonly traceId: string;
  /** Runs an operation at the wanted instance if that one is in rotation, else at a random one. Steps call it recursively. */
  readonly serve: (operation: Operation, request: IncomingRequest, wanted?: Instance) => Outcome;
}

/** A call as its callee sees it. */
export interface IncomingRequest {
  readonly atMs: number;
  readonly parentSpanId: string;
  readonly kind: 'server' | 'consumer';
}

/**
 * What went wrong with a call. A caller always sees that a callee cannot be reached (`unreachable`); of a failure inside the callee it sees only
 * the status (`internal`).
 */
export interface CallError {
  readonly reason: 'unreachable' | 'internal';
  readonly line: string;
}

/** How a call ended for its caller. */
export interface Outcome {
  readonly endMs: number;
  /** Null for a success. */
  readonly error: CallError | null;
}

export interface ServerCall {
  readonly trace: Trace;
  readonly site: CallSite & { readonly operation: Operation };
  readonly state: InstanceFrame;
  readonly sender: Sender;
  /** When the instance started on it, after its wait in the queue. */
  readonly beginMs: number;
  readonly spanId: string;
}

/** Draws from an exponential distribution. Returns 0 without a draw when the mean is near zero. */
export function exponential(random: Random, mean: number): number {
  return mean <= 0.01 ? 0 : -Math.log(1 - random.next()) * mean;
}

export function unreachable(line: string): CallError {
  return { reason: 'unreachable', line };
}
