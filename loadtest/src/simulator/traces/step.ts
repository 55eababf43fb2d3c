/** Takes one step of an operation: a connection first where it needs one, then a call with its retries, or a message. */
import type { Step } from '../system/system.ts';
import { callOnce } from './call.ts';
import { emitLine, emitSpan, tell } from './emit.ts';
import { exponential, type Outcome, type Visit } from './server-call.ts';

/** One step with its retries. */
export function take(visit: Visit, step: Step, atMs: number): Outcome {
  const { walk } = visit;
  const pooled = waitForConnection(visit, step, atMs);
  if (pooled.error !== null) return pooled;
  if (step.queue !== null) return publish(visit, step, pooled.endMs);
  let outcome: Outcome = pooled;
  for (let attempt = 0; attempt <= step.retries; attempt++) {
    outcome = callOnce(visit, step, outcome.endMs + (attempt === 0 ? 0 : 10 + 40 * walk.random.next()));
    if (outcome.error === null) return outcome;
  }
  emitLine(visit, {
    atMs: outcome.endMs,
    severity: 'WARN',
    line: step.absorbs
      ? `no answer from ${step.to.service}, using defaults`
      : `call to ${step.to.service} failed: ${outcome.error}`,
  });
  return outcome;
}

function waitForConnection(visit: Visit, { to }: Step, atMs: number): Outcome {
  const { walk, state } = visit;
  if (walk.system.byName.get(to.service)?.role !== 'database') return { endMs: atMs, error: null };
  if (walk.random.chance(state.pool.rejected))
    return tell(visit, atMs + 3000, `no connection to ${to.service} within 3000 ms`, 'ERROR');
  return { endMs: atMs + exponential(walk.random, state.pool.waitMs), error: null };
}

/** The producer goes on at once; the consumer comes when the queue lets it. */
function publish(visit: Visit, step: Step, startMs: number): Outcome {
  const { walk } = visit;
  const spanId = walk.random.hex(16);
  const endMs = startMs + walk.random.logNormal(1.5, 0.3);
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.destination.name': step.queue ?? '',
    'messaging.operation.type': 'send',
  };
  emitSpan(visit, {
    spanId,
    parentSpanId: visit.spanId,
    name: `send ${step.queue}`,
    kind: 'producer',
    startMs,
    endMs,
    error: null,
    attributes,
  });
  walk.serve(step.to, { atMs: endMs + 5, parentSpanId: spanId, caller: visit.look.service.name, kind: 'consumer' });
  return { endMs, error: null };
}
