/** Plays requests through the shop and gives the spans and log lines that its services would send. Harm propagates by waiting, not by rule. */
import type { Fault, Plot, ShopChange } from './fault.ts';
import type { Random } from './random.ts';
import type { Call, Operation, Peer, Service } from './topology.ts';

export interface ShopSpan {
  readonly service: string;
  readonly pod: string;
  readonly node: string;
  readonly version: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly startMs: number;
  readonly endMs: number;
  readonly error: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ShopLog {
  readonly span: ShopSpan;
  readonly atMs: number;
  readonly severity: 'INFO' | 'ERROR';
  readonly body: string;
}

export interface Telemetry {
  readonly spans: ShopSpan[];
  readonly logs: ShopLog[];
}

interface Play {
  readonly plot: Plot;
  readonly random: Random;
  readonly traceId: string;
  readonly out: Telemetry;
}

/** The pod that serves a request also makes its outgoing calls. */
type Origin = Pick<ShopSpan, 'service' | 'pod' | 'node' | 'version'>;

interface Outcome {
  readonly endMs: number;
  readonly error: boolean;
}

/** All requests that start in [fromMs, toMs), at about `perSecond`. */
export function playTraffic(
  plot: Plot,
  random: Random,
  range: { fromMs: number; toMs: number; perSecond: number },
): Telemetry {
  const out: Telemetry = { spans: [], logs: [] };
  let atMs = range.fromMs;
  while (true) {
    atMs += (-Math.log(1 - random.next()) * 1000) / range.perSecond;
    if (atMs >= range.toMs) return out;
    const { entry } = plot.shop;
    serve({ plot, random, traceId: random.hex(32), out }, entry, random.pick(entry.operations), {
      atMs,
      parentSpanId: '',
    });
  }
}

function serve(
  play: Play,
  service: Service,
  operation: Operation,
  from: { atMs: number; parentSpanId: string },
): Outcome {
  const { random } = play;
  const spanId = random.hex(16);
  const origin = drawOrigin(play, service, from.atMs);
  const hit = hits(play, service, null, from.atMs);
  let atMs = from.atMs + random.logNormal(operation.medianMs, 0.3);
  if (hit?.kind === 'slow-code') atMs += random.logNormal(hit.delayMs, 0.2);
  let failed = hit?.kind === 'failing-code';
  if (!failed)
    for (const call of operation.calls) {
      const outcome = callOut(play, service, call, { atMs, parentSpanId: spanId, origin });
      atMs = outcome.endMs;
      failed ||= outcome.error;
      if (failed) break;
    }
  const end = { endMs: atMs + 0.2, error: failed };
  const span = emitServer(play, operation, { ...from, ...end, spanId, origin });
  emitLog(play, span, hit, failed);
  return end;
}

function callOut(
  play: Play,
  caller: Service,
  call: Call,
  from: { atMs: number; parentSpanId: string; origin: Origin },
): Outcome {
  const spanId = play.random.hex(16);
  const { to } = call;
  const outcome =
    'peer' in to
      ? usePeer(play, caller, to.peer, from.atMs)
      : callService(play, to.service, to.operation, from.atMs, spanId);
  const name = 'peer' in to ? `${to.statement} ${to.peer.name}` : to.operation.name;
  const attributes = 'peer' in to ? peerAttributes(to.peer) : { 'rpc.system': 'grpc' };
  play.out.spans.push({
    ...from.origin,
    traceId: play.traceId,
    spanId,
    parentSpanId: from.parentSpanId,
    name,
    kind: 'client',
    startMs: from.atMs,
    ...outcome,
    attributes,
  });
  return outcome;
}

/** A slow network delays both ways of the call: the client waits, the server does not. */
function callService(play: Play, service: Service, operation: Operation, atMs: number, spanId: string): Outcome {
  const hit = hits(play, service, null, atMs);
  const wireMs = 0.3 + (hit?.kind === 'slow-network' ? play.random.logNormal(hit.delayMs, 0.2) / 2 : 0);
  const outcome = serve(play, service, operation, { atMs: atMs + wireMs, parentSpanId: spanId });
  return { endMs: outcome.endMs + wireMs, error: outcome.error };
}

function usePeer(play: Play, caller: Service, peer: Peer, atMs: number): Outcome {
  const hit = hits(play, caller, peer, atMs);
  const slowMs = hit?.kind === 'slow-database' ? play.random.logNormal(hit.delayMs, 0.3) : 0;
  return { endMs: atMs + play.random.logNormal(peer.medianMs, 0.4) + slowMs, error: hit?.kind === 'failing-partner' };
}

function hits(play: Play, service: Service, peer: Peer | null, atMs: number): Fault | null {
  const { fault } = play.plot;
  if (fault === null || atMs < fault.onsetMs || fault.service !== service || fault.peer !== peer) return null;
  return play.random.chance(fault.share) ? fault : null;
}

function emitServer(
  play: Play,
  operation: Operation,
  span: { origin: Origin; atMs: number; endMs: number; error: boolean; spanId: string; parentSpanId: string },
): ShopSpan {
  const emitted: ShopSpan = {
    ...span.origin,
    traceId: play.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: operation.name,
    kind: 'server',
    startMs: span.atMs,
    endMs: span.endMs,
    error: span.error,
    attributes: { 'http.response.status_code': span.error ? '500' : '200' },
  };
  play.out.spans.push(emitted);
  return emitted;
}

function emitLog(play: Play, span: ShopSpan, hit: Fault | null, failed: boolean): void {
  const atMs = span.endMs;
  if (hit?.kind === 'failing-code')
    play.out.logs.push({
      span,
      atMs,
      severity: 'ERROR',
      body: `NullReferenceError: price of item ${play.random.int(1000, 9999)} is undefined`,
    });
  else if (failed)
    play.out.logs.push({
      span,
      atMs,
      severity: 'ERROR',
      body: `request ${span.spanId} failed: upstream call returned 500`,
    });
  else
    play.out.logs.push({
      span,
      atMs,
      severity: 'INFO',
      body: `${span.name} done in ${Math.round(span.endMs - span.startMs)} ms`,
    });
}

function drawOrigin(play: Play, service: Service, atMs: number): Origin {
  const pod = play.random.pick(service.pods);
  const change = latestChange(play.plot.changes, service.name, atMs);
  // A rollout replaces the pods: new names, same nodes.
  const name =
    change === null ? pod.name : `${pod.name.slice(0, -5)}${change.version.replaceAll('.', '')}${pod.name.slice(-2)}`;
  return { service: service.name, pod: name, node: pod.node, version: change?.version ?? service.version };
}

function latestChange(changes: readonly ShopChange[], service: string, atMs: number): ShopChange | null {
  return changes.findLast((change) => change.service === service && change.atMs <= atMs) ?? null;
}

function peerAttributes(peer: Peer): Record<string, string> {
  if (peer.system === 'http') return { 'server.address': peer.name, 'http.request.method': 'POST' };
  return { 'db.system': peer.system, 'server.address': peer.name };
}
