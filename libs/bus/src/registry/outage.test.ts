import { codecs, schemaFingerprint } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generous, positionsAfter, readAll, untilRevoked } from '../../contract/harness.ts';
import type { BusUnderTest } from '../../contract/index.ts';
import { memoryFolder } from '../embedded/files.ts';
import { embeddedUnderTest } from '../embedded/testing.ts';
import type { Bus, LogRecord } from '../port.ts';
import { registryConfig } from './config.ts';
import { withRegistry } from './index.ts';
import { decorated } from './testing/behind-registry.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { confluent, laterBody, laterSchema, totals } from './testing/schemas.ts';

let registry: FakeRegistry;
let plain: BusUnderTest;
beforeEach(async () => {
  registry = await startFakeRegistry();
  plain = await embeddedUnderTest(memoryFolder);
});
afterEach(async () => {
  await plain.close();
  await registry.close();
});

const value = codecs.ledgerTotals.encode(totals);
const away = { status: 503, body: 'away' };
const put = (bus: Bus, bytes: Uint8Array) => bus.publish([{ topic: 'ledger', key: 'k', value: bytes }]);
const decodedOf = (record: LogRecord | undefined) => codecs.ledgerTotals.decode(record?.value ?? new Uint8Array());
const understood = { ok: true, value: totals };
const start = (url: string, settings: object = {}) =>
  withRegistry(
    { start: async () => ({ value: plain.bus, stop: async () => {} }) },
    { config: registryConfig.parse({ url, ...settings }), logger: silentLogger },
  ).start();

it.each([
  ['away', away, 'BUS_REGISTRY_UNAVAILABLE', 'transient'],
  ['not a registry', { status: 200, body: '<html>' }, 'BUS_REGISTRY_UNAVAILABLE', 'transient'],
  ['behind a door', { status: 401, body: '' }, 'BUS_REGISTRY_DENIED', 'permanent'],
  ['of others', { status: 409, body: '{"error_code":409}' }, 'BUS_REGISTRY_REFUSED', 'permanent'],
])('a start with a registry that is %s says so', async (_name, failure, code, kind) => {
  registry.failWith(failure);
  await expect(start(registry.url)).rejects.toMatchObject({ code, kind });
});

it('a start without anybody at the address is worth another try, and tells no password', async () => {
  const failing = start('http://127.0.0.1:1', { user: 'ann', password: 'hunter2' });
  await expect(failing).rejects.toMatchObject({ code: 'BUS_REGISTRY_UNAVAILABLE', kind: 'transient' });
  await expect(failing).rejects.not.toThrow(/hunter2/);
});

it('what is known goes on being written and read while the registry is away', async () => {
  const bus = await decorated(plain.bus, registry.url);
  registry.failWith(away);
  const callsBefore = registry.calls.length;
  await put(bus, value);
  expect((await readAll(plain.bus, 'ledger'))[0]?.value?.[0]).toBe(0);
  expect(decodedOf((await readAll(bus, 'ledger'))[0])).toEqual(understood);
  expect(registry.calls.length).toBe(callsBefore);
});

it('a value of a later release waits for the registry, and is read once it answers', async () => {
  const bus = await decorated(plain.bus, registry.url);
  await put(plain.bus, confluent(registry.add(laterSchema), laterBody));
  registry.failWith(away);
  const failing = readAll(bus, 'ledger');
  await expect(failing).rejects.toMatchObject({ code: 'BUS_REGISTRY_UNAVAILABLE', kind: 'transient' });
  // A proxy may respond in place of the registry.
  registry.failWith({ status: 404, body: '<html>not here</html>' });
  await expect(readAll(bus, 'ledger')).rejects.toMatchObject({ kind: 'transient' });
  registry.failWith(null);
  expect(decodedOf((await readAll(bus, 'ledger'))[0])).toEqual(understood);
});

it('a schema is asked for once', async () => {
  const bus = await decorated(plain.bus, registry.url);
  const id = registry.add(laterSchema);
  await put(plain.bus, confluent(id, laterBody));
  await put(plain.bus, confluent(id, laterBody));
  expect((await readAll(bus, 'ledger')).map(decodedOf)).toEqual([understood, understood]);
  await readAll(bus, 'ledger');
  expect(registry.calls.filter((call) => call === `GET /schemas/ids/${id}`)).toHaveLength(1);
});

it('a poll that failed gives its records at the next one: none is skipped', async () => {
  const bus = await decorated(plain.bus, registry.url);
  await put(bus, value);
  await put(plain.bus, confluent(registry.add(laterSchema), laterBody));
  registry.failWith(away);
  const { promise, resolve, reject } = Promise.withResolvers<readonly LogRecord[]>();
  const subscription = bus.subscribe({
    group: 'g',
    topics: ['ledger'],
    run: async (assignment) => {
      const refused = await assignment.poll(generous).catch((error: unknown) => error);
      registry.failWith(null);
      const records = await assignment.poll(generous);
      await assignment.commit({ records: [], positions: positionsAfter(records) });
      if (refused instanceof Error) resolve(records);
      else reject(new Error('the poll did not fail'));
      await untilRevoked(assignment);
    },
  });
  expect((await promise).map(decodedOf)).toEqual([understood, understood]);
  await subscription.stop();
});

it('a follower waits for the registry', async () => {
  const bus = await decorated(plain.bus, registry.url);
  await put(plain.bus, confluent(registry.add(laterSchema), laterBody));
  registry.failWith(away);
  const stopping = new AbortController();
  const callsBefore = registry.calls.length;
  const following = firstOf(bus.follow('ledger', stopping.signal));
  await expect.poll(() => registry.calls.length, { timeout: 10_000 }).toBeGreaterThan(callsBefore);
  registry.failWith(null);
  expect(decodedOf(await following)).toEqual(understood);
  stopping.abort();
});

it.each([
  ['of an id that is nobody’s', () => 77],
  ['of a schema that is not ours', () => registry.add({ type: 'record', name: 'Theirs', fields: [] })],
  ['of what is no schema', () => registry.add({ type: 'nonsense' })],
])('a value %s comes as it is, for its reader to refuse', async (_name, id) => {
  const bus = await decorated(plain.bus, registry.url);
  const foreign = confluent(id(), Buffer.from('abc'));
  await put(plain.bus, foreign);
  const [found] = await readAll(bus, 'ledger');
  expect(found?.value).toEqual(new Uint8Array(foreign));
  expect(decodedOf(found).ok).toBe(false);
});

it('what was written before there was a registry is read', async () => {
  await put(plain.bus, value);
  const bus = await decorated(plain.bus, registry.url);
  expect(decodedOf((await readAll(bus, 'ledger'))[0])).toEqual(understood);
  expect(schemaFingerprint(codecs.ledgerTotals.schema)).toBe(Buffer.from(value.subarray(2, 10)).toString('hex'));
});

it('credentials in the address are refused: addresses are printed', () => {
  expect(registryConfig.safeParse({ url: 'http://ann:hunter2@127.0.0.1' }).success).toBe(false);
});

async function firstOf(items: AsyncIterable<LogRecord | object>): Promise<LogRecord | undefined> {
  for await (const item of items) if ('offset' in item) return item as LogRecord;
  return undefined;
}
