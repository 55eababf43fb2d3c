import { expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { anIncident, incidentRecord } from '../testing/incidents.ts';
import { IncidentBook } from './book.ts';
import { watchIncidentsRequest } from './requests.ts';
import { createWatcher } from './watch.ts';

const call = (signal = new AbortController().signal) => ({ tenant: 'default', actor: 'me', signal });
const never = new AbortController().signal;

function bookOf(...incidents: ReturnType<typeof anIncident>[]) {
  const book = new IncidentBook();
  let offset = 0n;
  const put = (id: string, value: Uint8Array | null, partition = 0) => {
    book.apply({ topic: 'incidents', partition, offset, timestampMs: 0, key: id, value, headers: {} });
    offset += 1n;
  };
  const revise = (incident: ReturnType<typeof anIncident>) => put(incident.id, incidentRecord(incident).value);
  for (const incident of incidents) revise(incident);
  book.caughtUp();
  return { book, revise, retire: (id: string) => put(id, null) };
}

function watch(book: IncidentBook, request: object, signal = never) {
  const watcher = createWatcher({ book, maxWatchers: 1, stopping: never });
  return watcher(watchIncidentsRequest.parse(request), call(signal));
}

async function take(messages: AsyncIterator<object>, count: number) {
  const taken: Record<string, never>[] = [];
  while (taken.length < count) taken.push((await messages.next()).value);
  return taken;
}

it('gives what stands, says it has, then gives each revision', async () => {
  const { book, revise, retire } = bookOf(anIncident(), anIncident({ id: 'inc-2' }));
  const messages = watch(book, {});
  expect(await take(messages, 3)).toMatchObject([
    { incident: { id: 'inc-1' } },
    { incident: { id: 'inc-2' } },
    { caughtUp: true },
  ]);
  revise(anIncident({ revision: 4 }));
  retire('inc-2');
  expect(await take(messages, 2)).toMatchObject([{ incident: { id: 'inc-1', revision: 4 } }, { retiredId: 'inc-2' }]);
});

it('a resumed watch gets just what came after its token, also what was retired meanwhile', async () => {
  const { book, revise, retire } = bookOf(anIncident(), anIncident({ id: 'inc-2' }), anIncident({ id: 'inc-3' }));
  const [first] = await take(watch(book, {}), 1);
  revise(anIncident({ id: 'inc-3', revision: 9 }));
  retire('inc-2');
  const resumed = await take(watch(book, { resumeToken: first?.['resumeToken'] }), 3);
  expect(resumed).toMatchObject([
    { incident: { id: 'inc-3', revision: 9 } },
    { retiredId: 'inc-2' },
    { caughtUp: true },
  ]);
});

it('one incident, after a revision', async () => {
  const { book, revise } = bookOf(anIncident(), anIncident({ id: 'inc-2' }));
  const messages = watch(book, { id: 'inc-1', afterRevision: 3 });
  expect(await take(messages, 1)).toMatchObject([{ caughtUp: true }]);
  revise(anIncident({ id: 'inc-2', revision: 4 }));
  revise(anIncident({ revision: 4 }));
  expect(await take(messages, 1)).toMatchObject([{ incident: { id: 'inc-1', revision: 4 } }]);
});

it('a slow watcher gets the latest revision, not each one between', async () => {
  const { book, revise } = bookOf(anIncident());
  const messages = watch(book, {});
  await take(messages, 2);
  for (let revision = 4; revision < 1000; revision += 1) revise(anIncident({ revision }));
  revise(anIncident({ id: 'inc-2', revision: 1 }));
  expect(await take(messages, 2)).toMatchObject([{ incident: { revision: 999 } }, { incident: { id: 'inc-2' } }]);
});

it('ends when the caller leaves, and gives its place back', async () => {
  const { book } = bookOf();
  const watcher = createWatcher({ book, maxWatchers: 1, stopping: never });
  const caller = new AbortController();
  const messages = watcher(watchIncidentsRequest.parse({}), call(caller.signal));
  await messages.next();
  const second = watcher(watchIncidentsRequest.parse({}), call());
  await expect(second.next()).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE' });
  const end = messages.next();
  caller.abort();
  expect(await end).toMatchObject({ done: true });
  expect(await watcher(watchIncidentsRequest.parse({}), call()).next()).toMatchObject({ value: { caughtUp: true } });
});

it('a book read again after the log was away forgets what is no longer there', () => {
  const { book } = bookOf(anIncident(), anIncident({ id: 'inc-2' }));
  book.restart();
  const { value } = incidentRecord(anIncident());
  book.apply({ topic: 'incidents', partition: 0, offset: 0n, timestampMs: 0, key: 'inc-1', value, headers: {} });
  expect(book.list('default')).toHaveLength(2);
  book.caughtUp();
  expect(book.list('default').map(({ id }) => id)).toEqual(['inc-1']);
});

it('a book that has not read everything says so', () => {
  expect(() => new IncidentBook().requireReady()).toThrow('still reading');
});

it('over HTTP a watch is server-sent events, resumed by Last-Event-ID', async () => {
  const harness = await startHarness({ prepare: (bus) => bus.publish([incidentRecord(anIncident())]) });
  const address = await harness.http.listen({ port: 0, host: '127.0.0.1' });
  const first = await readEvents(address, {}, 2);
  expect(first).toMatch(/^id: \d:1\ndata: \{"resumeToken":"\d:1","incident":\{"id":"inc-1"/);
  await harness.bus.publish([incidentRecord(anIncident({ id: 'inc-2' }))]);
  const resumed = await readEvents(address, { 'last-event-id': first.slice(4, 7) }, 2);
  expect(resumed).toContain('"id":"inc-2"');
  expect(resumed).not.toContain('"id":"inc-1"');
  await harness.stop();
});

it('over gRPC a watch is a stream', async () => {
  const harness = await startHarness({ prepare: (bus) => bus.publish([incidentRecord(anIncident())]) });
  expect(await firstOfStream(harness)).toMatchObject({ incident: { id: 'inc-1' } });
  await harness.stop();
});

async function firstOfStream(harness: Harness) {
  const stream = harness.grpcStream('IncidentService/WatchIncidents', {});
  for await (const message of stream) return message;
  return null;
}

async function readEvents(address: string, headers: Record<string, string>, count: number): Promise<string> {
  const leaving = new AbortController();
  const response = await fetch(`${address}/api/v1/incidents:watch`, { headers, signal: leaving.signal });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.split('\n\n').length > count) break;
  }
  leaving.abort();
  return text;
}
