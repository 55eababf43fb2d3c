/**
 * Telemetry of a workload in protobuf. In each system, a front service calls a cart service, which calls a database.
 * Everything is a function of the request number.
 */
import protobuf from 'protobufjs/minimal.js';

export const spansPerTrace = 8;
const podsPerService = 2;

/** The services of a system that send telemetry, front first. */
export const serviceNames = (system: number): readonly string[] => [
  `front-${system}`,
  `cart-${system}`,
  `stock-${system}`,
];

/** Spans of each service in one trace. */
export function systemServices(system: number): readonly (readonly [string, number])[] {
  const [front = '', cart = '', stock = ''] = serviceNames(system);
  return [
    [front, 3],
    [cart, 3],
    [stock, 2],
  ];
}

interface TracePart {
  readonly environment: string;
  readonly system: number;
  /** Number of the first trace in the whole workload. */
  readonly firstTrace: number;
  readonly traces: number;
  /** Event time of the first trace. The others follow within `stepMs`. */
  readonly atMs: number;
  readonly stepMs: number;
}

interface SpanPlace {
  /** 0 is the root. */
  readonly slot: number;
  readonly parent: number | null;
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly fromUs: number;
  readonly forUs: number;
  readonly attributes?: readonly (readonly [string, string])[];
}

/** By service, front first. Microseconds from the start of the trace. */
const shape: readonly (readonly SpanPlace[])[] = [
  [
    { slot: 0, parent: null, name: 'GET /buy', kind: 'server', fromUs: 0, forUs: 40_000 },
    { slot: 1, parent: 0, name: 'Cart.RunResources', kind: 'client', fromUs: 2_000, forUs: 26_000 },
    {
      slot: 2,
      parent: 0,
      name: 'POST mail',
      kind: 'client',
      fromUs: 30_000,
      forUs: 8_000,
      attributes: [['server.address', 'mail.example']],
    },
  ],
  [
    { slot: 3, parent: 1, name: 'Cart.RunResources', kind: 'server', fromUs: 3_000, forUs: 24_000 },
    { slot: 4, parent: 3, name: 'Stock.Get', kind: 'client', fromUs: 4_000, forUs: 9_000 },
    { slot: 5, parent: 3, name: 'Stock.Take', kind: 'client', fromUs: 14_000, forUs: 11_000 },
  ],
  [
    { slot: 6, parent: 4, name: 'Stock.Get', kind: 'server', fromUs: 5_000, forUs: 7_000 },
    { slot: 7, parent: 5, name: 'Stock.Take', kind: 'server', fromUs: 15_000, forUs: 9_000 },
  ],
];

/** In every 17th trace the database fails, and with it its callers. */
const errsEvery = 17;
const errs = (trace: number): boolean => trace % errsEvery === 0;
/** Traces differ in length, so that histograms have several buckets. */
const stretch = (trace: number): number => 1 + (trace % 7) / 4;

/** An ExportTraceServiceRequest. */
export function traceBody(part: TracePart): Uint8Array<ArrayBuffer> {
  const writer = protobuf.Writer.create();
  for (const [index, spans] of shape.entries())
    for (let pod = 0; pod < podsPerService; pod++) {
      writer.uint32(10).fork();
      writeResource(writer, part, index, pod);
      writer.uint32(18).fork();
      for (const trace of tracesOf(part, pod)) for (const span of spans) writeSpan(writer, part, trace, span);
      writer.ldelim().ldelim();
    }
  return bytesOf(writer);
}

/** An ExportLogsServiceRequest: one line for some of the traces, on the cart's span. */
export function logBody(part: TracePart & { readonly every: number }): Uint8Array<ArrayBuffer> {
  const writer = protobuf.Writer.create();
  for (let pod = 0; pod < podsPerService; pod++) {
    writer.uint32(10).fork();
    writeResource(writer, part, 1, pod);
    writer.uint32(18).fork();
    for (const trace of tracesOf(part, pod)) if (trace % part.every === 0) writeLog(writer, part, trace);
    writer.ldelim().ldelim();
  }
  return bytesOf(writer);
}

/**
 * An ExportMetricsServiceRequest: one gauge per pod. The values are whole numbers, so their sums do not depend on the
 * order.
 */
export function metricBody(at: { environment: string; systems: number; atMs: number }): {
  body: Uint8Array<ArrayBuffer>;
  items: number;
} {
  const writer = protobuf.Writer.create();
  let items = 0;
  for (let system = 0; system < at.systems; system++)
    for (let service = 0; service < shape.length; service++)
      for (let pod = 0; pod < podsPerService; pod++) {
        writer.uint32(10).fork();
        writeResource(writer, { environment: at.environment, system }, service, pod);
        writer.uint32(18).fork().uint32(18).fork();
        writer.uint32(10).string('process.open_file_descriptor.count').uint32(42).fork().uint32(10).fork();
        writer
          .uint32(25)
          .fixed64(nanos(at.atMs, 0))
          .uint32(49)
          .sfixed64(whole(100 + system * 10 + pod));
        writer.ldelim().ldelim().ldelim().ldelim().ldelim();
        items += 1;
      }
  return { body: bytesOf(writer), items };
}

function* tracesOf({ firstTrace, traces }: TracePart, pod: number): Generator<number> {
  for (let trace = firstTrace; trace < firstTrace + traces; trace++) if (trace % podsPerService === pod) yield trace;
}

function writeResource(
  writer: protobuf.Writer,
  { environment, system }: { environment: string; system: number },
  service: number,
  pod: number,
): void {
  const name = serviceNames(system)[service] ?? '';
  writer.uint32(10).fork();
  writeAttribute(writer, 10, 'service.name', name);
  writeAttribute(writer, 10, 'service.instance.id', `${name}-${pod}`);
  writeAttribute(writer, 10, 'deployment.environment.name', environment);
  writer.ldelim();
}

function writeSpan(writer: protobuf.Writer, part: TracePart, trace: number, span: SpanPlace): void {
  const startUs = startOf(part, trace);
  const factor = stretch(trace);
  writer.uint32(18).fork();
  writer.uint32(10).bytes(traceIdOf(trace)).uint32(18).bytes(spanIdOf(trace, span.slot));
  if (span.parent !== null) writer.uint32(34).bytes(spanIdOf(trace, span.parent));
  writer
    .uint32(42)
    .string(span.name)
    .uint32(48)
    .int32(span.kind === 'server' ? 2 : 3);
  writer.uint32(57).fixed64(nanos(part.atMs, startUs + span.fromUs * factor));
  writer.uint32(65).fixed64(nanos(part.atMs, startUs + (span.fromUs + span.forUs) * factor));
  for (const [key, value] of span.attributes ?? []) writeAttribute(writer, 74, key, value);
  if (errs(trace) && span.slot !== 2) writer.uint32(122).fork().uint32(24).int32(2).ldelim();
  writer.ldelim();
}

function writeLog(writer: protobuf.Writer, part: TracePart, trace: number): void {
  const [text, severity, level] = errs(trace)
    ? (['could not take stock of item', 17, 'ERROR'] as const)
    : (['placed order', 9, 'INFO'] as const);
  writer.uint32(18).fork();
  writer.uint32(9).fixed64(nanos(part.atMs, startOf(part, trace) + 10_000));
  writer.uint32(16).int32(severity).uint32(26).string(level);
  writer.uint32(42).fork().uint32(10).string(`${text} ${trace}`).ldelim();
  writer.uint32(74).bytes(traceIdOf(trace)).uint32(82).bytes(spanIdOf(trace, 3));
  writer.ldelim();
}

function writeAttribute(writer: protobuf.Writer, tag: number, key: string, value: string): void {
  writer.uint32(tag).fork().uint32(10).string(key);
  writer.uint32(18).fork().uint32(10).string(value).ldelim().ldelim();
}

/** Microseconds after the start of the part. */
function startOf({ firstTrace, traces, stepMs }: TracePart, trace: number): number {
  return Math.floor(((trace - firstTrace) * stepMs * 1000) / traces);
}

/** Ids are mixed by the golden ratio, because a hash of the id selects the partition. */
function traceIdOf(trace: number): Uint8Array {
  const id = new Uint8Array(16);
  const view = new DataView(id.buffer);
  view.setUint32(0, Math.imul(trace + 1, 0x9e3779b1) >>> 0);
  view.setUint32(8, 0xfa017);
  view.setUint32(12, trace);
  return id;
}

function spanIdOf(trace: number, slot: number): Uint8Array {
  const id = new Uint8Array(8);
  const view = new DataView(id.buffer);
  view.setUint32(0, trace + 1);
  view.setUint32(4, slot + 1);
  return id;
}

/** A 64-bit time as the two halves that protobufjs writes. */
function nanos(ms: number, us: number): protobuf.Long {
  return longOf(BigInt(Math.round(ms * 1000) + Math.round(us)) * 1000n);
}

function whole(value: number): protobuf.Long {
  return longOf(BigInt(value));
}

function longOf(value: bigint): protobuf.Long {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  } as protobuf.Long;
}

function bytesOf(writer: protobuf.Writer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(writer.finish());
}
