/** Export requests of spans of an instrumented web shop: eight attributes a span, two of them unique. */
import { createHash } from 'node:crypto';
import protobuf from 'protobufjs/minimal.js';

export interface Shape {
  readonly spans: number;
  /** The spans are spread over so many. */
  readonly resources: number;
}

const startMs = Date.now();

/** The request number `index` of a shape. */
export function bodyOf({ spans, resources }: Shape, index: number): Buffer {
  const writer = protobuf.Writer.create();
  for (let resource = 0; resource < resources; resource++) {
    writer.uint32(10).fork();
    writeResource(writer, resource);
    writer.uint32(18).fork();
    writer.uint32(10).fork().uint32(10).string('io.opentelemetry.http').uint32(18).string('1.30.0').ldelim();
    for (let span = resource; span < spans; span += resources) writeSpan(writer, index * spans + span);
    writer.ldelim().ldelim();
  }
  return Buffer.from(writer.finish());
}

function writeResource(writer: protobuf.Writer, resource: number): void {
  writer.uint32(10).fork();
  for (const [key, value] of [
    ['service.name', `service-${resource % 60}`],
    ['service.namespace', 'shop'],
    ['service.version', '2.14.0'],
    ['service.instance.id', `5f0c4b1e-${resource}`],
    ['deployment.environment.name', 'production'],
    ['k8s.pod.name', `service-${resource % 60}-7d9f8c6b5-${resource}`],
    ['k8s.namespace.name', 'shop'],
    ['k8s.node.name', `node-${resource % 12}`],
    ['telemetry.sdk.language', 'java'],
    ['telemetry.sdk.name', 'opentelemetry'],
  ] as const)
    attribute(writer, 10, key, value);
  writer.ldelim();
}

function attribute(writer: protobuf.Writer, tag: number, key: string, value: string | number): void {
  writer.uint32(tag).fork().uint32(10).string(key).uint32(18).fork();
  if (typeof value === 'number') writer.uint32(24).uint32(value);
  else writer.uint32(10).string(value);
  writer.ldelim().ldelim();
}

function writeSpan(writer: protobuf.Writer, serial: number): void {
  const trace = idOf(`${serial >> 3}`);
  const own = idOf(`span ${serial}`);
  writer.uint32(18).fork();
  writer.uint32(10).bytes(trace.subarray(0, 16)).uint32(18).bytes(own.subarray(0, 8));
  writer
    .uint32(34)
    .bytes(own.subarray(8, 16))
    .uint32(42)
    .string(`GET /api/item/${serial % 30}`);
  writer.uint32(48).int32(2);
  writer
    .uint32(57)
    .fixed64(nanos(serial % 1000))
    .uint32(65)
    .fixed64(nanos((serial % 1000) + 12));
  for (const [key, value] of attributesOf(serial)) attribute(writer, 74, key, value);
  writer
    .uint32(122)
    .fork()
    .uint32(24)
    .int32(serial % 50 === 0 ? 2 : 0)
    .ldelim();
  writer.ldelim();
}

const idOf = (text: string): Buffer => createHash('sha1').update(text).digest();

function attributesOf(serial: number): readonly (readonly [string, string | number])[] {
  return [
    ['http.request.method', 'GET'],
    ['http.route', `/api/item/${serial % 30}`],
    ['http.response.status_code', serial % 50 === 0 ? 500 : 200],
    ['url.path', `/api/item/${serial}`],
    ['server.address', `service-${serial % 20}`],
    ['server.port', 8080],
    ['client.address', `10.0.${serial % 200}.${serial % 250}`],
    ['thread.name', `worker-${serial % 16}`],
  ];
}

/** Milliseconds after the start as the two halves of a 64-bit number that protobufjs writes. */
function nanos(offsetMs: number): protobuf.Long {
  const value = BigInt(startMs + offsetMs) * 1_000_000n;
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return { low, high, unsigned: true } as protobuf.Long;
}
