/** One attempt to call another service: name resolution, the network, the callee's work, and the caller's timeout. */
import type { Random } from '../../random/random.ts';
import type { ActiveEffect } from '../fault/effect.ts';
import type { Operation, Service, Step, System } from '../system/system.ts';
import { emitSpan } from './emit.ts';
import { type CallError, type Outcome, type ServerCall, unreachable } from './server-call.ts';

export function callOnce(call: ServerCall, step: Step, startMs: number): Outcome {
  const { trace } = call;
  const spanId = trace.random.hex(16);
  const resolved = resolveName(call, step, startMs);
  const reached = resolved.error === null ? send(call, step, { startMs: resolved.endMs, spanId }) : resolved;
  const isLate = reached.endMs - startMs > step.timeoutMs;
  const outcome = isLate ? { endMs: startMs + step.timeoutMs, error: unreachable('deadline exceeded') } : reached;
  const attributes = peerAttributes(trace.system.byName.get(step.to.service) as Service);
  const name = clientName(step.to, trace.system);
  emitSpan(call, { spanId, parentSpanId: call.spanId, name, kind: 'client', startMs, ...outcome, attributes });
  return outcome;
}

/** Takes no time unless a fault impairs name resolution. */
function resolveName({ trace, site }: ServerCall, { to }: Step, startMs: number): Outcome {
  const { random } = trace;
  const hit = trace.effects.at('dns', site).find(({ share, size }) => random.chance(share * size));
  if (hit === undefined) return { endMs: startMs, error: null };
  const endMs = startMs + random.logNormal(hit.impairment.ms + 0.01, 0.3);
  const isFailing = random.chance(hit.impairment.failing);
  return { endMs, error: isFailing ? unreachable(`lookup ${to.service}: no such host`) : null };
}

/** The request crosses the network, the callee works, and the response comes back. */
function send({ trace, site }: ServerCall, step: Step, request: { startMs: number; spanId: string }): Outcome {
  const { random, system, effects } = trace;
  const callee = system.byName.get(step.to.service) as Service;
  const instance = random.pick(callee.instances);
  const caller = site.service.name;
  const to = { service: callee, instance, operation: step.to, caller, atMs: request.startMs };
  const rejection = effects.at('reject', to).find(({ share }) => random.chance(share));
  const oneWayMs =
    networkTime(random, effects.at('network', to)) + (site.instance.node.zone === instance.node.zone ? 0.2 : 0.7);
  if (rejection !== undefined) {
    const error: CallError = { reason: 'internal', line: rejection.impairment.line };
    return { endMs: request.startMs + 2 * oneWayMs + 1, error };
  }
  const incoming = { atMs: request.startMs + oneWayMs, parentSpanId: request.spanId, kind: 'server' } as const;
  const served = trace.serve(step.to, incoming, instance);
  return { endMs: served.endMs + oneWayMs, error: served.error === null ? null : seenByCaller(served.error) };
}

/** Milliseconds one way. A lost packet is sent again a little later. */
function networkTime(random: Random, effects: readonly ActiveEffect<'network'>[]): number {
  return effects.reduce((sum, { impairment, share, size }) => {
    if (!random.chance(share)) return sum;
    const lost = random.chance(impairment.loss * size) ? random.logNormal(300, 0.4) : 0;
    return sum + random.logNormal((impairment.ms * size) / 2 + 0.001, 0.25) + lost;
  }, 0);
}

function seenByCaller(error: CallError): CallError {
  return error.reason === 'unreachable' ? error : { reason: 'internal', line: 'status 500' };
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
