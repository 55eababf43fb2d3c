import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EncodedItems } from './encode/encoded-items.ts';
import { spanItems } from './encode/kinds.ts';
import { sources } from './sources/index.ts';
import { type FrontDoor, openFrontDoor, unavailable } from './testing/ingest.ts';
import { createListTracer, type ListTracer } from './testing/tracer.ts';
import { carryTrace, isOwnTelemetry, requestSpan } from './trace.ts';

let tracer: ListTracer;
let door: FrontDoor;
beforeEach(async () => {
  tracer = createListTracer();
  door = await openFrontDoor({ tracer });
});
afterEach(() => door.close());

const webhook = { version: '4', status: 'firing', alerts: [{ status: 'firing', labels: { alertname: 'Slow' } }] };
const headers = { 'content-type': 'application/json', traceparent: 'of-the-sender', authorization: 'Bearer t0ps3cret' };
const post = (payload: string) => door.server.inject({ method: 'POST', url: '/ingest/alertmanager', payload, headers });

function traces(...services: string[]): object {
  const time = `${BigInt(door.state.nowMs) * 1_000_000n}`;
  const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), startTimeUnixNano: time, endTimeUnixNano: time };
  return {
    resourceSpans: services.map((stringValue) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue } }] },
      scopeSpans: [{ spans: [{ ...span, name: 'x' }] }],
    })),
  };
}

const postTraces = (request: object) =>
  fetch(`http://127.0.0.1:${door.ports.otlpHttp}/v1/traces`, {
    method: 'POST',
    body: JSON.stringify(request),
    headers: { 'content-type': 'application/json' },
  });

describe('a request', () => {
  it('is one span, within the sender’s trace, and its records carry it on', async () => {
    await post(JSON.stringify(webhook));
    expect(tracer.spans).toMatchObject([
      {
        name: 'POST /ingest/alertmanager',
        kind: 'server',
        attributes: { 'http.route': '/ingest/alertmanager', 'http.response.status_code': 200 },
        causes: [{ traceparent: 'of-the-sender' }],
        error: null,
      },
    ]);
    const [record] = await door.read('alerts');
    expect(record?.headers).toMatchObject({ source: 'alertmanager', items: '1', traceparent: 'span-1' });
    expect(JSON.stringify(tracer.spans.map(({ attributes }) => attributes))).not.toContain('t0ps3cret');
  });

  it('that is wrong is the sender’s error; one that the log does not take is ours', async () => {
    await post('{');
    door.state.broken = unavailable;
    await post(JSON.stringify(webhook));
    expect(tracer.spans).toMatchObject([
      { attributes: { 'http.response.status_code': 400, 'faultline.problem': 'INGEST_MALFORMED' }, error: null },
      { attributes: { 'http.response.status_code': 503 }, error: 'INGEST_UNAVAILABLE' },
    ]);
  });

  it('by gRPC is named by its method', () => {
    const [source] = sources;
    const [route] = source?.routes ?? [];
    if (source === undefined || route === undefined) throw new Error('no source');
    const incoming = { headers: {}, rpcMethod: 'a.b.C/Export' };
    expect(requestSpan(source, route, incoming)).toMatchObject({
      name: 'a.b.C/Export',
      attributes: { 'rpc.system.name': 'grpc' },
    });
  });
});

describe('what a Faultline says of itself', () => {
  it('is not traced; beside the telemetry of others it is', async () => {
    await postTraces(traces('faultline'));
    await postTraces(traces('faultline', 'checkout'));
    expect(tracer.spans.map(({ isDiscarded }) => isDiscarded)).toEqual([true, false]);
  });

  it('nothing is not its own', () => {
    expect(isOwnTelemetry({})).toBe(false);
    expect(isOwnTelemetry({ spans: { resources: [], items: new EncodedItems(spanItems) } })).toBe(false);
  });
});

it('without a trace the records are left as they are', () => {
  const records = [{ topic: 'alerts', key: 'k', value: null, headers: { source: 's' } }] as const;
  const span = { headers: {}, set() {}, fail() {}, discard() {} };
  expect(carryTrace(records, span)).toBe(records);
});
