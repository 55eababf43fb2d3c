/** Generates the spans and log lines of single requests. Waits, failures and capacities come from the flow, so that traces and metrics agree. */
import { senderAt } from '../fault/change.ts';
import type { CallSite } from '../fault/effect.ts';
import type { InstanceFrame } from '../flow/frame.ts';
import type { Instance, Operation, Service } from '../system/system.ts';
import { emitServerCall, failWithLog } from './emit.ts';
import { ownDurationMs, ownFailure } from './own-work.ts';
import {
  exponential,
  type IncomingRequest,
  type Outcome,
  type ServerCall,
  type Trace,
  type TraceOptions,
  unreachable,
} from './server-call.ts';
import { runStep } from './step.ts';

/** One request from outside. */
export function generateTrace(options: TraceOptions, operation: Operation, atMs: number): void {
  const trace: Trace = {
    ...options,
    traceId: options.random.hex(32),
    serve: (...call) => serve(trace, ...call),
  };
  trace.serve(operation, { atMs, parentSpanId: '', kind: 'server' });
}

function serve(trace: Trace, operation: Operation, request: IncomingRequest, wanted?: Instance): Outcome {
  const { system, flow, random } = trace;
  const service = system.byName.get(operation.service) as Service;
  const frame = flow.at(request.atMs);
  const inRotation = service.instances.filter((instance) => frame.instances.get(instance)?.inRotation);
  if (inRotation.length === 0) return { endMs: request.atMs + 2, error: unreachable('connection refused') };
  const instance = wanted !== undefined && inRotation.includes(wanted) ? wanted : random.pick(inRotation);
  const state = frame.instances.get(instance) as InstanceFrame;
  const site = { service, instance, operation, atMs: request.atMs };
  if (!state.isUp) return callDeadInstance(trace, site);
  const sender = senderAt(service, instance, { changes: trace.changes, atMs: request.atMs });
  const beginMs = request.atMs + exponential(random, state.queue.waitMs);
  const call: ServerCall = { trace, site, state, sender, beginMs, spanId: random.hex(16) };
  const outcome = work(call);
  emitServerCall(call, request, outcome);
  return outcome;
}

/** A dead machine does not even refuse the connection: the caller waits for its timeout. */
function callDeadInstance({ effects }: Trace, site: CallSite): Outcome {
  const isSilent = effects.at('down', site).some(({ impairment }) => impairment.connection === 'timeout');
  return isSilent
    ? { endMs: site.atMs + 30_000, error: unreachable('no answer') }
    : { endMs: site.atMs + 2, error: unreachable('connection refused') };
}

function work(call: ServerCall): Outcome {
  const { trace, site, state } = call;
  const { random } = trace;
  const { operation } = site;
  if (random.chance(state.queue.rejected))
    return failWithLog(call, site.atMs + 1, 'overloaded, request turned away', 'WARN');
  const ownMs = ownDurationMs(call);
  let atMs = call.beginMs + ownMs * 0.6;
  const failure = ownFailure(call);
  const reach = failure === null ? operation.steps.length : Math.floor(failure.after * operation.steps.length);
  let error: Outcome['error'] = null;
  let startMs = atMs;
  for (const step of operation.steps.slice(0, reach)) {
    if (!random.chance(step.chance)) continue;
    const from: number = step.parallel ? startMs : atMs;
    const outcome = runStep(call, step, from);
    startMs = from;
    atMs = Math.max(atMs, outcome.endMs);
    if (outcome.error === null || step.absorbs) continue;
    error = outcome.error;
    break;
  }
  atMs += ownMs * 0.4;
  if (error === null && failure !== null) return failWithLog(call, atMs, failure.line, 'ERROR');
  return { endMs: atMs + 0.1, error };
}
