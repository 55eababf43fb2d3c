/**
 * Spans of a large system as a collector sends them: many services per request, all with the current time. Service
 * names match those of the store's `fillWindows`.
 */
import { randomBytes } from 'node:crypto';
import protobuf from 'protobufjs/minimal.js';

export interface SystemShape {
  readonly services: number;
  readonly instances: number;
  readonly operations: number;
}

interface RequestPart {
  readonly shape: SystemShape;
  /** Number of the request. Services rotate with it. */
  readonly request: number;
  readonly traces: number;
  /** End of the last trace, epoch ms. */
  readonly nowMs: number;
  /** Services that fail, and with them their callers. */
  readonly broken: ReadonlySet<number>;
}

/** Each trace follows a chain of services. Each service but the last has a server span and a client span. */
const steps = [0, 1, 8, 15];
export const spansPerTrace = steps.length * 2 - 1;
/** Number of services at which traces of one request start. */
const roots = 10;
const ownUs = 4_000;
/** Added latency of a failing service, and its share of failed calls. */
const brokenUs = 400_000;
const failsEvery = 2;

interface Span {
  readonly name: string;
  readonly kind: 2 | 3;
  readonly traceId: Uint8Array;
  readonly id: Uint8Array;
  readonly parentId: Uint8Array | null;
  readonly startMs: number;
  readonly forUs: number;
  readonly failed: boolean;
  readonly peer: string;
}

const nameOf = (service: number): string => `service-${service}`;

/** An ExportTraceServiceRequest with `traces * spansPerTrace` spans. */
export function systemSpans(part: RequestPart): Uint8Array<ArrayBuffer> {
  const byInstance = new Map<string, Span[]>();
  const add = (service: number, instance: number, span: Span) => {
    const key = `${nameOf(service)}-${instance}`;
    const spans = byInstance.get(key);
    if (spans === undefined) byInstance.set(key, [span]);
    else spans.push(span);
  };
  for (let trace = 0; trace < part.traces; trace++) addTrace(part, trace, add);
  const writer = protobuf.Writer.create();
  for (const [instance, spans] of byInstance) {
    writer.uint32(10).fork();
    writeResource(writer, instance);
    writer.uint32(18).fork();
    for (const span of spans) writeSpan(writer, span);
    writer.ldelim().ldelim();
  }
  return new Uint8Array(writer.finish());
}

function addTrace(
  part: RequestPart,
  trace: number,
  add: (service: number, instance: number, span: Span) => void,
): void {
  const { shape, request, nowMs, broken } = part;
  const root = (request * roots + (trace % roots)) % shape.services;
  const chain = steps.map(
    (_, depth) => (root + steps.slice(0, depth + 1).reduce((sum, step) => sum + step, 0)) % shape.services,
  );
  const traceId = randomBytes(16);
  const culprit = trace % failsEvery === 0 ? chain.findIndex((service) => broken.has(service)) : -1;
  const slow = chain.findIndex((service) => broken.has(service));
  let parentId: Uint8Array | null = null;
  for (const [depth, service] of chain.entries()) {
    const instance = (trace + depth) % shape.instances;
    const name = `GET /api/resource/${(trace + depth) % shape.operations}/item`;
    const below = chain.length - depth;
    const forUs = below * ownUs * (1 + (trace % 7) / 4) + (depth <= slow ? brokenUs : 0);
    const failed = depth <= culprit;
    const id = randomBytes(8);
    const span = { name, traceId, startMs: nowMs - forUs / 1000, forUs, failed, peer: '' };
    add(service, instance, { ...span, kind: 2, id, parentId });
    const callee = chain[depth + 1];
    if (callee === undefined) return;
    const calls = { ...span, failed: depth < culprit, peer: nameOf(callee), forUs: forUs - ownUs / 2 };
    parentId = randomBytes(8);
    add(service, instance, { ...calls, kind: 3, id: parentId, parentId: id });
  }
}

function writeResource(writer: protobuf.Writer, instance: string): void {
  writer.uint32(10).fork();
  attribute(writer, 10, 'service.name', instance.slice(0, instance.lastIndexOf('-')));
  attribute(writer, 10, 'service.instance.id', instance);
  attribute(writer, 10, 'service.version', '1.0.0');
  attribute(writer, 10, 'deployment.environment.name', 'bench');
  writer.ldelim();
}

function writeSpan(writer: protobuf.Writer, span: Span): void {
  writer.uint32(18).fork().uint32(10).bytes(span.traceId).uint32(18).bytes(span.id);
  if (span.parentId !== null) writer.uint32(34).bytes(span.parentId);
  writer.uint32(42).string(span.name).uint32(48).int32(span.kind);
  writer
    .uint32(57)
    .fixed64(nanos(span.startMs * 1000))
    .uint32(65)
    .fixed64(nanos(span.startMs * 1000 + span.forUs));
  attribute(writer, 74, 'http.request.method', 'GET');
  attribute(writer, 74, 'http.route', span.name.slice(4));
  attribute(writer, 74, 'http.response.status_code', span.failed ? '500' : '200');
  attribute(writer, 74, 'url.path', `${span.name.slice(4)}/${span.startMs}`);
  attribute(
    writer,
    74,
    'user_agent.original',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  );
  if (span.peer !== '') attribute(writer, 74, 'server.address', span.peer);
  if (span.failed) writer.uint32(122).fork().uint32(24).int32(2).ldelim();
  writer.ldelim();
}

function attribute(writer: protobuf.Writer, tag: number, key: string, value: string): void {
  writer.uint32(tag).fork().uint32(10).string(key);
  writer.uint32(18).fork().uint32(10).string(value).ldelim().ldelim();
}

/** Epoch microseconds as the two halves of a 64-bit number that protobufjs writes. */
function nanos(us: number): protobuf.Long {
  const value = BigInt(Math.round(us)) * 1000n;
  const low = Number(BigInt.asIntN(32, value));
  return { low, high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: true } as protobuf.Long;
}
