/** Remote write over HTTP: what a sender sees, and what the ledger counts. */
import { codecs } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { varint } from './sources/otlp/proto-envelope.ts';
import { contentTypeOf, encodeWrite2 } from './sources/prometheus-remote-write/testing/encode.ts';
import { decoded, type FrontDoor, openFrontDoor, unavailable } from './testing/ingest.ts';

let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor();
});
afterEach(() => door.close());

/** A snappy block of one literal, for bodies of 61 to 256 bytes. */
function snappy(body: Buffer): Buffer {
  return Buffer.concat([varint(body.length), Buffer.from([60 << 2, body.length - 1]), body]);
}

const labels = { __name__: 'queue_length', job: 'checkout', instance: '10.0.0.5:8080', env: 'prod' };
const samplesAt = (...times: number[]) => times.map((timestamp, value) => ({ value, timestamp }));

const send = (body: Buffer, headers: Record<string, string> = {}) =>
  door.server.inject({
    method: 'POST',
    url: '/api/v1/write',
    headers: {
      'content-type': contentTypeOf('io.prometheus.write.v2.Request'),
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '2.0.0',
      ...headers,
    },
    payload: body,
  });

it('answers 204 without a body and counts what it wrote', async () => {
  const answer = await send(snappy(encodeWrite2([{ labels, samples: samplesAt(door.state.nowMs) }])));
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  expect(answer.headers).toMatchObject({
    'x-prometheus-remote-write-samples-written': '1',
    'x-prometheus-remote-write-histograms-written': '0',
    'x-prometheus-remote-write-exemplars-written': '0',
  });
  const [block] = (await door.read('metrics')).map(({ value }) => decoded(codecs.metricBlock, value));
  expect(block).toMatchObject({ source: 'prometheus-remote-write', items: [{ metric: 'queue_length' }] });
  expect(await door.ledger()).toEqual({ 'prometheus-remote-write/metrics': { accepted: 1, deadLettered: 0 } });
});

it('answers 400 when a part is refused, which is kept as a dead letter', async () => {
  const samples = samplesAt(door.state.nowMs, 1);
  const answer = await send(snappy(encodeWrite2([{ labels, samples }])));
  expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('1 refused')]);
  expect(answer.headers['x-prometheus-remote-write-samples-written']).toBe('1');
  expect(await door.deadLetters()).toMatchObject([{ code: 'INGEST_UNUSABLE_TIME', items: 1 }]);
});

it('asks to come again while the log takes nothing', async () => {
  door.state.broken = unavailable;
  const answer = await send(snappy(encodeWrite2([{ labels, samples: samplesAt(door.state.nowMs) }])));
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
});

it.each([
  ['a message that is not known', { 'content-type': 'application/x-protobuf;proto=x.Y' }],
  ['an encoding that is not known', { 'content-encoding': 'br' }],
])('answers 415 to %s', async (_title, headers) => {
  const answer = await send(snappy(encodeWrite2([{ labels, samples: samplesAt(door.state.nowMs) }])), headers);
  expect(answer.statusCode).toBe(415);
});
