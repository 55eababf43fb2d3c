/** Cost of ingest: spans per second of CPU time, from OTLP/HTTP in protobuf to the log. Takes less than 15 s. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, busConfig, createBus } from '@faultline/bus';
import { createIngest, ingestConfig } from '@faultline/ingest';
import { authConfig, createAuthenticator, Health, silentLogger, systemClock } from '@faultline/runtime';
import protobuf from 'protobufjs/minimal.js';

const spansPerRequest = 1000;
const requests = 400;
const senders = 8;

/**
 * Measures with the embedded log on disk and with a log that discards everything, and prints one JSON line. CPU time is
 * that of the whole process, including the senders and the log's thread.
 */
export async function run(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-ingest-'));
  const context = { logger: silentLogger, clock: systemClock };
  const { value: bus, stop } = await createBus(busConfig.parse({ folder }), context).start();
  try {
    const client = await measure({ ...portOf(bus), publish: async () => {} });
    const whole = await measure(portOf(bus));
    const result = {
      doorSpansPerCpuSecond: Math.round(client.perCpuSecond),
      spansPerCpuSecond: Math.round(whole.perCpuSecond),
      spansPerSecond: Math.round(whole.perSecond),
      bytesPerSpan: Math.round(bodyOf(0).length / spansPerRequest),
    };
    console.log(JSON.stringify(result));
    return result;
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type IngestBus = Pick<Bus, 'publish' | 'partitionOf' | 'partitionCount' | 'maxRecordBytes' | 'ping' | 'follow'>;

function portOf(bus: Bus): IngestBus {
  return {
    publish: (records) => bus.publish(records),
    partitionOf: (topic, key) => bus.partitionOf(topic, key),
    partitionCount: (topic) => bus.partitionCount(topic),
    maxRecordBytes: bus.maxRecordBytes,
    ping: () => bus.ping(),
    follow: (topic, signal) => bus.follow(topic, signal),
  };
}

async function measure(bus: IngestBus): Promise<{ perCpuSecond: number; perSecond: number }> {
  const ingest = await createIngest({
    bus,
    config: ingestConfig.parse({ otlpGrpc: { port: 0 }, otlpHttp: { port: 0 } }),
    logger: silentLogger,
    clock: systemClock,
    authenticator: createAuthenticator(authConfig.parse({})),
    health: new Health(),
  }).start();
  const bodies = Array.from({ length: requests }, (_, index) => bodyOf(index));
  await sendAll(ingest.value.ports.otlpHttp, bodies.slice(0, requests / 8));
  const cpu = process.cpuUsage();
  const began = performance.now();
  await sendAll(ingest.value.ports.otlpHttp, bodies);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await ingest.stop();
  const spans = requests * spansPerRequest;
  return { perCpuSecond: spans / ((user + system) / 1e6), perSecond: spans / seconds };
}

/** Each of the concurrent senders sends one request after another. */
async function sendAll(port: number, bodies: readonly Buffer[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  const rest = bodies.values();
  const sender = async () => {
    for (const body of rest) await send(port, agent, body);
  };
  await Promise.all(Array.from({ length: senders }, sender));
  agent.destroy();
}

function send(port: number, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
    const outgoing = request({ port, agent, method: 'POST', path: '/v1/traces', headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`Faultline answered ${response.statusCode}`));
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** An export request with spans of an instrumented web shop: eleven attributes, two of them unique. */
function bodyOf(index: number): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(10).fork();
  writer.uint32(10).fork();
  for (const [key, value] of [
    ['service.name', `service-${index % 20}`],
    ['k8s.pod.name', `pod-${index % 60}`],
  ] as const)
    attribute(writer, 10, key, value);
  writer.ldelim();
  writer.uint32(18).fork();
  for (let span = 0; span < spansPerRequest; span++) writeSpan(writer, index * spansPerRequest + span);
  return Buffer.from(writer.ldelim().ldelim().finish());
}

function attribute(writer: protobuf.Writer, tag: number, key: string, value: string): void {
  writer.uint32(tag).fork().uint32(10).string(key);
  writer.uint32(18).fork().uint32(10).string(value).ldelim().ldelim();
}

const startMs = Date.now();

function writeSpan(writer: protobuf.Writer, serial: number): void {
  const ids = createHash('sha1')
    .update(`${serial >> 3}`)
    .digest();
  const own = createHash('sha1').update(`span ${serial}`).digest();
  writer.uint32(18).fork();
  writer.uint32(10).bytes(ids.subarray(0, 16)).uint32(18).bytes(own.subarray(0, 8));
  writer
    .uint32(34)
    .bytes(own.subarray(8, 16))
    .uint32(42)
    .string(`GET /api/item/${serial % 30}`)
    .uint32(48)
    .int32(2);
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

function attributesOf(serial: number): readonly (readonly [string, string])[] {
  return [
    ['http.request.method', 'GET'],
    ['http.route', `/api/item/${serial % 30}`],
    ['http.response.status_code', serial % 50 === 0 ? '500' : '200'],
    ['url.path', `/api/item/${serial}`],
    ['server.address', `service-${serial % 20}`],
    ['server.port', '8080'],
    ['network.protocol.version', '1.1'],
    ['user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    ['client.address', `10.0.${serial % 200}.${serial % 250}`],
    ['thread.name', `worker-${serial % 16}`],
    ['enduser.id', `user-${(serial * 7919) % 1_000_003}`],
  ];
}

/** Milliseconds after the start as the two halves of a 64-bit number that protobufjs writes. */
function nanos(offsetMs: number): protobuf.Long {
  const value = BigInt(startMs + offsetMs) * 1_000_000n;
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return { low, high, unsigned: true } as protobuf.Long;
}
