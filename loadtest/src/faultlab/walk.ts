/** Draws single requests from the flow: the spans and log lines of one trace after another. Who waits is slow, and who gets an error may pass it on. */

import type { Effects, Felt, Look, PhysicsKind } from './effect.ts';
import type { Flow } from './flow/flow.ts';
import type { InstanceFrame } from './flow/frame.ts';
import type { Random } from './random.ts';
import { type Change, senderAt } from './rollout.ts';
import type { Instance, Operation, Service, Step, System } from './system.ts';
import type { Sender, SentLog, SentSpan, SpanKind } from './telemetry.ts';

export interface WalkOptions {
  readonly system: System;
  readonly effects: Effects;
  readonly flow: Flow;
  readonly changes: readonly Change[];
  readonly random: Random;
  readonly emitSpan: (span: SentSpan) => void;
  readonly emitLog: (log: SentLog) => void;
}

/** One request from outside. */
export function walkRequest(options: WalkOptions, operation: Operation, atMs: number): void {
  const walk = { ...options, traceId: options.random.hex(32) };
  serve(walk, operation, { atMs, parentSpanId: '', caller: '', kind: 'server' });
}

interface Walk extends WalkOptions {
  readonly traceId: string;
}

interface Arrival {
  readonly atMs: number;
  readonly parentSpanId: string;
  readonly caller: string;
  readonly kind: 'server' | 'consumer';
}

interface Outcome {
  readonly endMs: number;
  /** What went wrong, as the caller is told; null when nothing did. */
  readonly error: string | null;
}

/** One attempt in a hundred takes several times as long, on any day. */
const tailChance = 0.012;

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

interface Visit {
  readonly walk: Walk;
  readonly look: Look & { readonly operation: Operation };
  readonly state: InstanceFrame;
  readonly sender: Sender;
  /** When it got its turn. */
  readonly beginMs: number;
  readonly spanId: string;
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

function ownTime({ walk, look, state }: Visit): number {
  const { random } = walk;
  const { cpuMs, idleMs, sigma } = look.operation;
  const hits = <Kind extends PhysicsKind>(kind: Kind): Felt<Kind>[] =>
    walk.effects.at(kind, look).filter(({ share }) => random.chance(share));
  const burn = hits('burn').reduce((sum, { physics, size }) => sum + physics.perCallMs * size, 0);
  const disk = hits('disk').reduce((most, { physics, size }) => Math.max(most, 1 + (physics.factor - 1) * size), 1);
  const slow = hits('slow').reduce(
    (sum, { physics, size }) => sum + random.logNormal(physics.ms * size + 0.001, 0.3),
    0,
  );
  const tail = random.chance(tailChance) ? 3 + 7 * random.next() : 1;
  return random.logNormal(((cpuMs + burn) * state.stretch + idleMs * disk + 0.02) * tail, sigma) + slow;
}

function ownFailure({ walk, look }: Visit): { line: string; after: number } | null {
  const { random } = walk;
  for (const { physics, share, size } of walk.effects.at('fail', look)) if (random.chance(share * size)) return physics;
  return random.chance(look.operation.usualErrors) ? { line: 'unexpected value # in field #', after: 1 } : null;
}

/** One step with its retries. */
function take(visit: Visit, step: Step, atMs: number): Outcome {
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

function callOnce(visit: Visit, step: Step, startMs: number): Outcome {
  const { walk } = visit;
  const spanId = walk.random.hex(16);
  const named = resolve(visit, step, startMs);
  const reached = named.error === null ? cross(visit, step, { startMs: named.endMs, spanId }) : named;
  const late = reached.endMs - startMs > step.timeoutMs;
  const outcome = late ? { endMs: startMs + step.timeoutMs, error: 'deadline exceeded' } : reached;
  const attributes = peerAttributes(walk.system.byName.get(step.to.service) as Service);
  emitSpan(visit, {
    spanId,
    parentSpanId: visit.spanId,
    name: clientName(step.to, walk.system),
    kind: 'client',
    startMs,
    ...outcome,
    attributes,
  });
  return outcome;
}

/** The callee's address, in no time on a usual day. */
function resolve({ walk, look }: Visit, { to }: Step, startMs: number): Outcome {
  const { random } = walk;
  const hit = walk.effects.at('resolve', look).find(({ share, size }) => random.chance(share * size));
  if (hit === undefined) return { endMs: startMs, error: null };
  const endMs = startMs + random.logNormal(hit.physics.ms + 0.01, 0.3);
  return { endMs, error: random.chance(hit.physics.failing) ? `lookup ${to.service}: no such host` : null };
}

/** The way there, the callee's work, and the way back. */
function cross({ walk, look }: Visit, step: Step, call: { startMs: number; spanId: string }): Outcome {
  const { random, system, effects } = walk;
  const callee = system.byName.get(step.to.service) as Service;
  const target = random.pick(callee.instances);
  const caller = look.service.name;
  const door = { service: callee, instance: target, operation: step.to, caller, atMs: call.startMs };
  const refused = effects.at('refuse', door).find(({ share }) => random.chance(share));
  const wireMs =
    wireTime(random, effects.at('wire', door)) + (look.instance.node.zone === target.node.zone ? 0.2 : 0.7);
  if (refused !== undefined) return { endMs: call.startMs + 2 * wireMs + 1, error: refused.physics.line };
  const served = serve(
    walk,
    step.to,
    { atMs: call.startMs + wireMs, parentSpanId: call.spanId, caller, kind: 'server' },
    target,
  );
  return { endMs: served.endMs + wireMs, error: served.error === null ? null : statusOf(served.error) };
}

/** A lost packet is sent again, a little later. */
function wireTime(random: Random, felt: readonly Felt<'wire'>[]): number {
  return felt.reduce((sum, { physics, share, size }) => {
    if (!random.chance(share)) return sum;
    const lost = random.chance(physics.loss * size) ? random.logNormal(300, 0.4) : 0;
    return sum + random.logNormal((physics.ms * size) / 2 + 0.001, 0.25) + lost;
  }, 0);
}

/** Callers see a status, not the reason. */
function statusOf(error: string): string {
  return /refused|no answer|deadline|lookup/.test(error) ? error : 'status 500';
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
  serve(walk, step.to, { atMs: endMs + 5, parentSpanId: spanId, caller: visit.look.service.name, kind: 'consumer' });
  return { endMs, error: null };
}

/** A consumer's span starts when it takes the message, a server's when the request comes in. */
function leave(visit: Visit, { atMs, kind, parentSpanId }: Arrival, { endMs, error }: Outcome): void {
  const { operation } = visit.look;
  const isConsumer = kind === 'consumer';
  const attributes: Record<string, string> = isConsumer
    ? {
        'messaging.system': 'kafka',
        'messaging.destination.name': operation.name.replace('process ', ''),
        'messaging.operation.type': 'process',
      }
    : { 'http.response.status_code': error === null ? '200' : '500' };
  const startMs = isConsumer ? visit.beginMs : atMs;
  emitSpan(visit, {
    spanId: visit.spanId,
    parentSpanId,
    name: operation.name,
    kind,
    startMs,
    endMs,
    error,
    attributes,
  });
  if (operation.line !== '' && error === null) emitLine(visit, { atMs: endMs, severity: 'INFO', line: operation.line });
}

/** Says in the log what went wrong here, and tells the caller. */
function tell(visit: Visit, endMs: number, line: string, severity: 'WARN' | 'ERROR'): Outcome {
  emitLine(visit, { atMs: endMs, severity, line });
  return { endMs, error: line };
}

function emitSpan(
  visit: Visit,
  span: {
    spanId: string;
    parentSpanId: string;
    name: string;
    kind: SpanKind;
    startMs: number;
    endMs: number;
    error: string | null;
    attributes: Record<string, string>;
  },
): void {
  const { walk, look, sender } = visit;
  if (!look.service.sends.spans) return;
  const { error, ...rest } = span;
  walk.emitSpan({ ...rest, sender, traceId: walk.traceId, failed: error !== null });
}

function emitLine(
  { walk, look, sender, spanId }: Visit,
  { atMs, severity, line }: { atMs: number; severity: SentLog['severity']; line: string },
): void {
  if (!look.service.sends.logs) return;
  const body = line.replaceAll('#', () => String(walk.random.int(1, 9999)));
  walk.emitLog({
    sender,
    span: look.service.sends.spans ? { traceId: walk.traceId, spanId } : null,
    atMs,
    severity,
    body,
  });
}

function clientName(to: Operation, system: System): string {
  const service = system.byName.get(to.service);
  return service?.role === 'database' || service?.role === 'cache' ? `${to.name} ${to.service}` : to.name;
}

function peerAttributes({ name, role, engine }: Service): Record<string, string> {
  if (role === 'database' || role === 'cache') return { 'db.system.name': engine, 'server.address': name };
  if (role === 'external') return { 'server.address': name, 'http.request.method': 'POST' };
  return { 'rpc.system': 'grpc', 'server.address': name };
}

function exponential(random: Random, mean: number): number {
  return mean <= 0.01 ? 0 : -Math.log(1 - random.next()) * mean;
}
