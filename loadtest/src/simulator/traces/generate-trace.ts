/** Draws single requests from the flow: the spans and log lines of one trace after another. Who waits is slow, and who gets an error may pass it on. */
import type { Look } from '../fault/effect.ts';
import type { InstanceFrame } from '../flow/frame.ts';
import { senderAt } from '../fault/change.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import { ownFailure, ownTime } from './own-work.ts';
import { take } from './step.ts';
import { leave, tell } from './emit.ts';
import { type Arrival, exponential, type Outcome, type Visit, type Walk, type WalkOptions } from './server-call.ts';

/** One request from outside. */
export function walkRequest(options: WalkOptions, operation: Operation, atMs: number): void {
  const walk: Walk = {
    ...options,
    traceId: options.random.hex(32),
    serve: (...call) => serve(walk, ...call),
  };
  walk.serve(operation, { atMs, parentSpanId: '', caller: '', kind: 'server' });
}

function serve(walk: Walk, operation: Operation, arrival: Arrival, wanted?: Instance): Outcome {
  const { system, flow, random } = walk;
  const service = system.byName.get(operation.service) as Service;
  const frame = flow.at(arrival.atMs);
  const takers = service.instances.filter((instance) => frame.instances.get(instance)?.inRotation);
  if (takers.length === 0) return { endMs: arrival.atMs + 2, error: 'connection refused' };
  const instance = wanted !== undefined && takers.includes(wanted) ? wanted : random.pick(takers);
  const state = frame.instances.get(instance) as InstanceFrame;
  const look = { service, instance, operation, atMs: arrival.atMs };
  if (!state.isUp) return deadEnd(walk, look);
  const sender = senderAt(service, instance, { changes: walk.changes, atMs: arrival.atMs });
  const beginMs = arrival.atMs + exponential(random, state.queue.waitMs);
  const visit: Visit = { walk, look, state, sender, beginMs, spanId: random.hex(16) };
  const outcome = work(visit);
  leave(visit, arrival, outcome);
  return outcome;
}

/** A dead machine answers nothing; the caller's timeout ends the wait. */
function deadEnd({ effects }: Walk, look: Look): Outcome {
  const silent = effects.at('gone', look).some(({ physics }) => physics.answers === 'nothing');
  return silent
    ? { endMs: look.atMs + 30_000, error: 'no answer' }
    : { endMs: look.atMs + 2, error: 'connection refused' };
}

function work(visit: Visit): Outcome {
  const { walk, look, state } = visit;
  const { random } = walk;
  const { operation } = look;
  if (random.chance(state.queue.rejected)) return tell(visit, look.atMs + 1, 'overloaded, request turned away', 'WARN');
  const ownMs = ownTime(visit);
  let atMs = visit.beginMs + ownMs * 0.6;
  const failure = ownFailure(visit);
  const reach = failure === null ? operation.steps.length : Math.floor(failure.after * operation.steps.length);
  let error: string | null = null;
  let startMs = atMs;
  for (const step of operation.steps.slice(0, reach)) {
    if (!random.chance(step.chance)) continue;
    const from: number = step.parallel ? startMs : atMs;
    const outcome = take(visit, step, from);
    startMs = from;
    atMs = Math.max(atMs, outcome.endMs);
    if (outcome.error === null || step.absorbs) continue;
    error = outcome.error;
    break;
  }
  atMs += ownMs * 0.4;
  if (error === null && failure !== null) return tell(visit, atMs, failure.line, 'ERROR');
  return { endMs: atMs + 0.1, error };
}
