import { codecs, type DeadLetter } from '@faultline/model';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decoded, type FrontDoor, openFrontDoor, unavailable } from './testing/ingest.ts';

let door: FrontDoor;
/** A busy machine is slow to start the thread of the mappings. */
vi.setConfig({ testTimeout: 120_000 });
const limits = { mappingMs: 30_000 };
const open = async (config: object = {}) => {
  door = await openFrontDoor({ config: { limits, ...config } });
};
afterEach(() => door.close());

const post = (url: string, body: unknown, headers = {}) =>
  door.server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });
const alerts = async () => (await door.read('alerts')).map(({ value }) => decoded(codecs.alert, value));
const changes = async () => (await door.read('changes')).map(({ value }) => decoded(codecs.change, value));
const plain = { mapping: '', headers: {} };
const onlyLetter = async () => {
  const [letter, ...others] = await door.deadLetters();
  if (letter === undefined || others.length > 0) throw new Error('expected one dead letter');
  return letter;
};
const replay = (letter: DeadLetter, options = plain) => door.replay({ ...letter, tenant: 'acme' }, options);
const tenantHeader = { 'x-scope-orgid': 'acme' };

describe('a dead letter', () => {
  const broken = { alerts: [{ title: 'disk full', service: 'db' }] };
  const mending = '{ "alerts": alerts.{ "name": title, "service": service } }';

  it('is mended by a mapping and sent again; twice is once', async () => {
    await open();
    await post('/ingest/json', broken, tenantHeader);
    const letter = await onlyLetter();
    expect(await replay(letter)).toEqual({ ok: false, reason: '/ingest/json: alerts[0].name: expected a text' });
    expect(await alerts()).toEqual([]);
    door.state.nowMs += 60_000;
    for (const _time of [1, 2])
      expect(await replay(letter, { ...plain, mapping: mending })).toEqual({ ok: true, path: '/ingest/json' });
    const [first, second] = await alerts();
    expect(first).toMatchObject({ name: 'disk full', scope: { tenant: 'acme' }, receivedAtMs: letter.receivedAtMs });
    expect(second).toEqual(first);
    expect(await door.deadLetters()).toHaveLength(1);
  });

  it.each([
    ['a mapping that is not JSONata', '{ "alerts": [', /^mapping: /],
    ['a mapping that returns nothing', 'nothing.here', /^mapping: returned nothing/],
    ['a mapping whose body is refused, too', '{ "alerts": [{}] }', /alerts\[0\]\.name: expected a text/],
  ])('says what is wrong with %s', async (_name, mapping, reason) => {
    await open();
    await post('/ingest/json', broken);
    const replayed = await replay(await onlyLetter(), { ...plain, mapping });
    expect(replayed).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(await alerts()).toEqual([]);
  });

  it('of which a part was good is not sent twice in part: only what was bad is in it', async () => {
    await open();
    await post('/ingest/alertmanager', {
      version: '4',
      alerts: [
        { status: 'firing', labels: { alertname: 'Good' }, startsAt: '2026-03-01T00:00:00Z' },
        { status: 'on fire', labels: { alertname: 'Bad' }, startsAt: '2026-03-01T00:00:00Z' },
      ],
    });
    const mapping = '$merge([$, { "alerts": [alerts.$merge([$, { "status": "firing" }])] }])';
    const replayed = await replay(await onlyLetter(), { ...plain, mapping });
    expect(replayed).toEqual({ ok: true, path: '/ingest/alertmanager' });
    expect((await alerts()).map(({ name }) => name)).toEqual(['Good', 'Bad']);
  });

  it('needs the headers that its body does not hold', async () => {
    await open({ mappings: [{ name: 'hook', expression: '{ "changes": { "summary": $headers."x-event" } }' }] });
    await post('/ingest/hook', { a: 1 });
    const letter = await onlyLetter();
    expect(letter.signal).toBe('changes');
    expect(await replay(letter)).toMatchObject({ ok: false });
    const headers = { 'X-Event': 'push' };
    expect(await replay(letter, { ...plain, headers })).toEqual({ ok: true, path: '/ingest/hook' });
    expect(await changes()).toMatchObject([{ summary: 'push' }]);
  });

  it('of a source that is gone, and while the log is away, is not sent', async () => {
    await open();
    await post('/ingest/json', broken);
    const letter = await onlyLetter();
    expect(await replay({ ...letter, source: 'gone' })).toEqual({ ok: false, reason: 'no source gone' });
    door.state.broken = unavailable;
    const replayed = await replay(letter, { ...plain, mapping: mending });
    expect(replayed).toMatchObject({ ok: false, reason: expect.stringContaining('the log cannot take records now') });
  });
});

it('a wrong change beside a good alert is a dead letter of a change, and the ledger counts it as one', async () => {
  await open();
  await post('/ingest/json', { alerts: [{ name: 'Slow' }], changes: [{ kind: 'deploy' }] });
  expect(await onlyLetter()).toMatchObject({ signal: 'changes', reason: 'changes[0].summary: expected a text' });
  expect(await door.ledger()).toEqual({
    'json/alerts': { accepted: 1, deadLettered: 0 },
    'json/changes': { accepted: 1, deadLettered: 1 },
  });
});
