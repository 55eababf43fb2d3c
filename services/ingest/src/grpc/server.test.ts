import { codecs } from '@faultline/model';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeOtlp } from '../sources/otlp/testing/encode.ts';
import { decoded, type FrontDoor, openFrontDoor, unavailable } from '../testing/ingest.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor({ config: { limits: { telemetryDecompressedBytes: 1_000_000 } } });
});
afterEach(() => door.close());

const traceService = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

interface Answer {
  readonly error: ServiceError | null;
  readonly bytes: Buffer;
}

async function call(path: string, bytes: Buffer, more: Record<string, string> = {}, options = {}): Promise<Answer> {
  const client = new Client(`127.0.0.1:${door.ports.otlpGrpc}`, credentials.createInsecure(), options);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(more)) metadata.set(name, value);
  const asIs = (message: Buffer) => message;
  const answer = await new Promise<Answer>((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, (error, reply) => {
      resolve({ error, bytes: reply ?? Buffer.alloc(0) });
    });
  });
  client.close();
  return answer;
}

function traces(spans: readonly object[]): Buffer {
  return encodeOtlp('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

const span = (name = 'x') => {
  const time = `${BigInt(door.state.nowMs) * 1_000_000n}`;
  return { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name, startTimeUnixNano: time, endTimeUnixNano: time };
};

describe('OTLP over gRPC', () => {
  it('takes spans, for the tenant of the metadata', async () => {
    const { error, bytes } = await call(traceService, traces([span()]), { 'x-scope-orgid': 'acme' });
    expect([error, bytes.length]).toEqual([null, 0]);
    const [record] = await door.read('spans');
    expect(record?.headers['scope']).toBe('acme/default');
  });

  it('takes gzip', async () => {
    const gzip = { 'grpc.default_compression_algorithm': 2 };
    expect((await call(traceService, traces([span('x'.repeat(10_000))]), {}, gzip)).error).toBeNull();
    expect(await door.ledger()).toEqual({ 'otlp/spans': { accepted: 1, deadLettered: 0 } });
  });

  it('tells a partial success', async () => {
    const { error, bytes } = await call(traceService, traces([span(), { ...span(), traceId: '' }]));
    expect(error).toBeNull();
    expect(bytes.toString()).toContain('traceId: expected 16 bytes');
  });

  it('refuses what is not protobuf', async () => {
    const { error } = await call(traceService, Buffer.from('not protobuf'));
    expect(error).toMatchObject({
      code: 3,
      details: expect.stringContaining('INGEST_MALFORMED: body: expected protobuf'),
    });
  });

  it.each([
    ['as it is', {}],
    ['once decompressed', { 'grpc.default_compression_algorithm': 2 }],
  ])('refuses a message that is too large %s', async (_name, options) => {
    const { error } = await call(traceService, traces([span('x'.repeat(20_000_000))]), {}, options);
    expect(error?.code).toBe(8);
  });

  it('asks to come again while the log cannot take records', async () => {
    door.state.broken = unavailable;
    const { error } = await call(traceService, traces([span()]));
    expect(error?.code).toBe(14);
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
    expect(String(details)).toContain('google.rpc.RetryInfo');
  });
});

async function exportOne(exporter: SpanExporter): Promise<void> {
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const made = provider
    .getTracer('shop', '1.0')
    .startSpan('GET /cart', { kind: 1, attributes: { a: 'b', n: 1, list: ['x'] } });
  made.recordException(new Error('boom'));
  made.setStatus({ code: 2, message: 'failed' });
  made.end();
  await provider.forceFlush();
  await provider.shutdown();
}

describe('the exporters of the OpenTelemetry SDK', () => {
  const http = () => ({ url: `http://127.0.0.1:${door.ports.otlpHttp}/v1/traces` });
  it.each<[string, () => SpanExporter]>([
    ['gRPC', () => new GrpcExporter({ url: `http://127.0.0.1:${door.ports.otlpGrpc}` })],
    ['HTTP with protobuf', () => new ProtobufExporter(http())],
    ['HTTP with JSON', () => new JsonExporter(http())],
  ])('%s', async (_name, exporter) => {
    await exportOne(exporter());
    const [record] = await door.read('spans');
    const block = decoded(codecs.spanBlock, record?.value ?? null);
    expect(block.resources[0]).toMatchObject({ scopeName: 'shop', scopeVersion: '1.0' });
    expect(block.items[0]).toMatchObject({
      name: 'GET /cart',
      kind: 'server',
      status: 'error',
      statusMessage: 'failed',
      attributes: { a: 'b', n: '1', list: '["x"]' },
    });
    expect(JSON.parse(block.items[0]?.events ?? '')[0]).toMatchObject({ name: 'exception' });
  });
});
