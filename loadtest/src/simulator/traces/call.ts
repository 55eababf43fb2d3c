/** One attempt to call another service: its name is looked up, the call crosses the wire, the callee works, and the answer comes back in time or not. */
import type { Felt } from '../fault/effect.ts';
import type { Random } from '../../random/random.ts';
import type { Operation, Service, Step, System } from '../system/system.ts';
import { emitSpan } from './emit.ts';
import type { Outcome, Visit } from './server-call.ts';

export function callOnce(visit: Visit, step: Step, startMs: number): Outcome {
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
  const served = walk.serve(
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

function clientName(to: Operation, system: System): string {
  const service = system.byName.get(to.service);
  return service?.role === 'database' || service?.role === 'cache' ? `${to.name} ${to.service}` : to.name;
}

function peerAttributes({ name, role, engine }: Service): Record<string, string> {
  if (role === 'database' || role === 'cache') return { 'db.system.name': engine, 'server.address': name };
  if (role === 'external') return { 'server.address': name, 'http.request.method': 'POST' };
  return { 'rpc.system': 'grpc', 'server.address': name };
}
