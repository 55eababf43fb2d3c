import type { OutgoingRecord } from '@faultline/bus';
import { codecs } from '@faultline/model';
import type { Authenticator } from '@faultline/runtime';
import { afterEach, expect, it } from 'vitest';
import { type Harness, type HarnessOptions, nowMs, startHarness } from '../testing/harness.ts';
import type { ReplayLetter } from './replay.ts';

let harness: Harness;
afterEach(() => harness.stop());

const payload = Buffer.alloc(100_000, 'x');
const letterRecord = (id: string, tenant = 'default'): OutgoingRecord => ({
  topic: 'dead-letters',
  key: 'json',
  headers: { tenant },
  value: codecs.deadLetter.encode({
    id,
    source: 'json',
    signal: 'alerts',
    items: 1,
    code: 'INGEST_INVALID',
    reason: 'alerts[0].name: expected a text',
    receivedAtMs: nowMs,
    contentType: 'application/json',
    payload,
  }),
});

type Sent = Parameters<ReplayLetter>;
const start = async (options: HarnessOptions = {}) => {
  const sent: Sent[] = [];
  const replayLetter: ReplayLetter = async (...given) => {
    sent.push(given);
    return given[0].id === 'bad' ? { ok: false, reason: 'no name' } : { ok: true, path: '/ingest/json' };
  };
  const prepare: HarnessOptions['prepare'] = async (bus) => {
    const many = Array.from({ length: 600 }, (_, index) => letterRecord(`n${index}`));
    await bus.publish([letterRecord('old'), letterRecord('bad'), letterRecord('theirs', 'acme')]);
    for (let from = 0; from < many.length; from += 60) await bus.publish(many.slice(from, from + 60));
  };
  harness = await startHarness({ replayLetter, prepare, ...options });
  return sent;
};
const replay = async (body: object, headers = {}) => {
  const answer = await harness.http.inject({
    method: 'POST',
    url: '/api/v1/dead-letters/replay',
    payload: body,
    headers,
  });
  return { status: answer.statusCode, body: answer.json() };
};

it('sends letters again whole, in the order of their ids, and says what became of each', async () => {
  const sent = await start();
  const { body } = await replay({ ids: ['bad', 'old', 'none'], mapping: '$', headers: { 'x-event': 'push' } });
  expect(body).toEqual({
    replayed: 1,
    results: [
      { id: 'bad', replayed: false, text: 'no name' },
      { id: 'old', replayed: true, text: '/ingest/json' },
      { id: 'none', replayed: false, text: 'there is no such dead letter of this tenant' },
    ],
  });
  expect(sent.map(([{ id, tenant, payload: whole }]) => [id, tenant, whole.byteLength])).toEqual([
    ['bad', 'default', 100_000],
    ['old', 'default', 100_000],
  ]);
  expect(sent[0]?.[1]).toEqual({ mapping: '$', headers: { 'x-event': 'push' } });
});

it('does not reach letters of another tenant', async () => {
  const sent = await start();
  expect((await replay({ ids: ['theirs'] })).body).toMatchObject({ replayed: 0 });
  expect((await replay({ ids: ['theirs'] }, { 'x-scope-orgid': 'acme' })).body).toMatchObject({ replayed: 1 });
  expect(sent).toHaveLength(1);
});

it('is for administrators, and needs ids', async () => {
  const identify: Authenticator['identify'] = (token) =>
    token === null ? null : ({ tenant: 'default', source: null, role: token } as never);
  const sent = await start({ authenticator: { enabled: true, identify } });
  expect((await replay({ ids: ['old'] }, { authorization: 'Bearer responder' })).status).toBe(403);
  expect(sent).toEqual([]);
  expect(await replay({ ids: [] }, { authorization: 'Bearer admin' })).toMatchObject({
    status: 400,
    body: { field: 'ids' },
  });
});

it('says so where nothing can take letters', async () => {
  harness = await startHarness({ prepare: (bus) => bus.publish([letterRecord('old')]) });
  expect((await replay({ ids: ['old'] })).body.results).toMatchObject([
    { replayed: false, text: expect.stringContaining('cannot send') },
  ]);
});
