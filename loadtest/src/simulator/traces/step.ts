/** Runs one step of an operation: it takes a database connection where needed, then calls with retries or publishes a message. */
import type { Step } from '../system/system.ts';
import { callOnce } from './call.ts';
import { emitLine, emitSpan, failWithLog } from './emit.ts';
import { exponential, type Outcome, type ServerCall } from './server-call.ts';

export function runStep(call: ServerCall, step: Step, atMs: number): Outcome {
  const { trace } = call;
  const pooled = waitForConnection(call, step, atMs);
  if (pooled.error !== null) return pooled;
  if (step.queue !== null) return publish(call, step, pooled.endMs);
  let outcome: Outcome = pooled;
  for (let attempt = 0; attempt <= step.retries; attempt++) {
    outcome = callOnce(call, step, outcome.endMs + (attempt === 0 ? 0 : 10 + 40 * trace.random.next()));
    if (outcome.error === null) return outcome;
  }
  emitLine(call, {
    atMs: outcome.endMs,
    severity: 'WARN',
    line: step.absorbs
      ? `no answer from ${step.to.service}, using defaults`
      : `call to ${step.to.service} failed: ${outcome.error?.line}`,
  });
  return outcome;
}

function waitForConnection(call: ServerCall, { to }: Step, atMs: number): Outcome {
  const { trace, state } = call;
  if (trace.system.byName.get(to.service)?.role !== 'database') return { endMs: atMs, error: null };
  if (trace.random.chance(state.pool.rejected))
    return failWithLog(call, atMs + 3000, `no connection to ${to.service} within 3000 ms`, 'ERROR');
  return { endMs: atMs + exponential(trace.random, state.pool.waitMs), error: null };
}

/** The producer continues at once. The consumer runs after its wait in the queue. */
function publish(call: ServerCall, step: Step, startMs: number): Outcome {
  const { trace } = call;
  const spanId = trace.random.hex(16);
  const endMs = startMs + trace.random.logNormal(1.5, 0.3);
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.destination.name': step.queue ?? '',
    'messaging.operation.type': 'send',
  };
  emitSpan(call, {
    spanId,
    parentSpanId: call.spanId,
    name: `send ${step.queue}`,
    kind: 'producer',
    startMs,
    endMs,
    error: null,
    attributes,
  });
  trace.serve(step.to, { atMs: endMs + 5, parentSpanId: spanId, kind: 'consumer' });
  return { endMs, error: null };
}
