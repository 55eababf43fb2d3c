/** One call at one instance, and what it is told and tells. */
import type { Effects, Look } from '../fault/effect.ts';
import type { Flow } from '../flow/flow.ts';
import type { InstanceFrame } from '../flow/frame.ts';
import type { Random } from '../../random/random.ts';
import type { Change } from '../fault/change.ts';
import type { Instance, Operation, System } from '../system/system.ts';
import type { Sender, SentLog, SentSpan } from '../telemetry/telemetry.ts';

export interface WalkOptions {
  readonly system: System;
  readonly effects: Effects;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly random: Random;
  readonly emitSpan: (span: SentSpan) => void;
  readonly emitLog: (log: SentLog) => void;
}

/** One request on its way through the system. */
export interface Walk extends WalkOptions {
  readonly traceId: string;
  /** Has an operation serve a call, at the instance that is wanted if that takes calls. Steps call back into it. */
  readonly serve: (operation: Operation, arrival: Arrival, wanted?: Instance) => Outcome;
}

/** A call as its callee sees it. */
export interface Arrival {
  readonly atMs: number;
  readonly parentSpanId: string;
  readonly caller: string;
  readonly kind: 'server' | 'consumer';
}

/** How a call ended for whoever waits for it. */
export interface Outcome {
  readonly endMs: number;
  /** What went wrong, as the caller is told; null when nothing did. */
  readonly error: string | null;
}

/** A call in work at one instance. */
export interface Visit {
  readonly walk: Walk;
  readonly look: Look & { readonly operation: Operation };
  readonly state: InstanceFrame;
  readonly sender: Sender;
  /** When it got its turn. */
  readonly beginMs: number;
  readonly spanId: string;
}

/** Drawn by its mean; nothing is drawn where there is hardly any wait. */
export function exponential(random: Random, mean: number): number {
  return mean <= 0.01 ? 0 : -Math.log(1 - random.next()) * mean;
}
