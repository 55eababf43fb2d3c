import { codecs } from '@faultline/model';
import { expect, it } from 'vitest';
import { encodeOtlp } from './sources/otlp/testing/encode.ts';
import { decoded, openFrontDoor } from './testing/ingest.ts';

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A request of random spans, some of them bad in one of several ways, and how many are. */
function randomTraces(draw: () => number, nowMs: number, serial: { next: number }) {
  const ns = (ms: number) => `${BigInt(Math.floor(ms)) * 1_000_000n}`;
  let bad = 0;
  const span = () => {
    const id = (serial.next++).toString(16);
    const good = {
      traceId: `a${id.padStart(31, '0')}`,
      spanId: `b${id.padStart(15, '0')}`,
      name: 'é'.repeat(Math.floor(draw() * 20)),
      startTimeUnixNano: ns(nowMs - draw() * 1e6),
      endTimeUnixNano: ns(nowMs),
      attributes: [{ key: 'a', value: { stringValue: 'x'.repeat(draw() < 0.01 ? 30_000 : 5) } }],
    };
    const kind = draw();
    if (kind > 0.1) return good;
    bad++;
    if (kind < 0.03) return { ...good, traceId: '' };
    if (kind < 0.06) return { ...good, startTimeUnixNano: '1' };
    return { ...good, spanId: '0'.repeat(16) };
  };
  const resourceSpans = Array.from({ length: 1 + Math.floor(draw() * 4) }, (_, index) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: `s${index}` } }] },
    scopeSpans: [{ spans: Array.from({ length: Math.floor(draw() * 300) }, span) }],
  }));
  const count = resourceSpans.reduce((sum, entry) => sum + (entry.scopeSpans[0]?.spans.length ?? 0), 0);
  return { request: { resourceSpans }, count, bad };
}

it.each([
  [1, 'application/json'],
  [2, 'application/x-protobuf'],
  [3, 'application/json'],
  [4, 'application/x-protobuf'],
])('items in = items in blocks + refused, none twice (seed %i, %s)', async (seed, contentType) => {
  const door = await openFrontDoor({ config: { blockBytes: 20_000 } });
  const draw = random(seed);
  const serial = { next: 1 };
  const sent = Array.from({ length: 12 }, () => randomTraces(draw, door.state.nowMs, serial));
  await Promise.all(
    sent.map(async ({ request }) => {
      const body = contentType === 'application/json' ? JSON.stringify(request) : encodeOtlp('traces', request);
      const url = `http://127.0.0.1:${door.ports.otlpHttp}/v1/traces`;
      const headers = { 'content-type': contentType };
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
      expect(response.status).toBe(200);
    }),
  );
  const blocks = (await door.read('spans')).map(({ value }) => decoded(codecs.spanBlock, value));
  const ids = blocks.flatMap((block) => block.items.map((span) => span.spanId));
  const count = sent.reduce((sum, { count }) => sum + count, 0);
  const bad = sent.reduce((sum, { bad }) => sum + bad, 0);
  expect([ids.length, new Set(ids).size]).toEqual([count - bad, count - bad]);
  expect(await door.ledger()).toEqual({ 'otlp/spans': { accepted: count, deadLettered: bad } });
  await door.close();
});
