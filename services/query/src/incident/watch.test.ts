import { anIncident, incidentRecord } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import type { Json, StreamMessage } from '../api/operation.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { IncidentReadModel } from './read-model.ts';
import { watchIncidentsRequest } from './requests.ts';
import { createWatcher } from './watch.ts';

const call = (signal = new AbortController().signal) => ({ tenant: 'default', tokenName: null, signal });
const never = new AbortController().signal;

function readModelOf(...incidents: ReturnType<typeof anIncident>[]) {
  const readModel = new IncidentReadModel();
  let offset = 0n;
  const put = (id: string, value: Uint8Array | null, partition = 0) => {
    readModel.apply({ topic: 'incidents', partition, offset, timestampMs: 0, key: id, value, headers: {} });
    offset += 1n;
  };
  const revise = (incident: ReturnType<typeof anIncident>) => put(incident.id, incidentRecord(incident).value);
  for (const incident of incidents) revise(incident);
  readModel.caughtUp();
  return { readModel, revise, retire: (id: string) => put(id, null) };
}

function watch(readModel: IncidentReadModel, request: object, signal = never) {
  const watcher = createWatcher({ readModel, limits: { maxWatchers: 1, maxWatchersPerTenant: 1 }, stopping: never });
  return watcher(watchIncidentsRequest.parse(request), call(signal));
}

/** Whole messages, as a caller reads them. */
async function take(messages: AsyncIterator<StreamMessage>, count: number): Promise<Json[]> {
  const taken: Json[] = [];
  while (taken.length < count) {
    const { own, shared } = (await messages.next()).value;
    taken.push({ ...own, ...shared });
  }
  return taken;
}

it('gives what stands, says it has, then gives each revision', async () => {
  const { readModel, revise, retire } = readModelOf(anIncident(), anIncident({ id: 'inc-2' }));
  const messages = watch(readModel, {});
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
  const { readModel, revise, retire } = readModelOf(
    anIncident(),
    anIncident({ id: 'inc-2' }),
    anIncident({ id: 'inc-3' }),
  );
  const [first] = await take(watch(readModel, {}), 1);
  revise(anIncident({ id: 'inc-3', revision: 9 }));
  retire('inc-2');
  const resumed = await take(watch(readModel, { resumeToken: first?.['resumeToken'] }), 3);
  expect(resumed).toMatchObject([
    { incident: { id: 'inc-3', revision: 9 } },
    { retiredId: 'inc-2' },
    { caughtUp: true },
  ]);
});

it('one incident, after a revision', async () => {
  const { readModel, revise } = readModelOf(anIncident(), anIncident({ id: 'inc-2' }));
  const messages = watch(readModel, { id: 'inc-1', afterRevision: 3 });
  expect(await take(messages, 1)).toMatchObject([{ caughtUp: true }]);
  revise(anIncident({ id: 'inc-2', revision: 4 }));
  revise(anIncident({ revision: 4 }));
  expect(await take(messages, 1)).toMatchObject([{ incident: { id: 'inc-1', revision: 4 } }]);
});

it('a slow watcher gets the latest revision, not each one between', async () => {
  const { readModel, revise } = readModelOf(anIncident());
  const messages = watch(readModel, {});
  await take(messages, 2);
  for (let revision = 4; revision < 1000; revision += 1) revise(anIncident({ revision }));
  revise(anIncident({ id: 'inc-2', revision: 1 }));
  expect(await take(messages, 2)).toMatchObject([{ incident: { revision: 999 } }, { incident: { id: 'inc-2' } }]);
});

it('ends when the caller leaves, and gives its place back', async () => {
  const { readModel } = readModelOf();
  const watcher = createWatcher({ readModel, limits: { maxWatchers: 1, maxWatchersPerTenant: 1 }, stopping: never });
  const caller = new AbortController();
  const messages = watcher(watchIncidentsRequest.parse({}), call(caller.signal));
  await messages.next();
  const second = watcher(watchIncidentsRequest.parse({}), call());
  await expect(second.next()).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE' });
  const end = messages.next();
  caller.abort();
  expect(await end).toMatchObject({ done: true });
  expect(await watcher(watchIncidentsRequest.parse({}), call()).next()).toMatchObject({
    value: { own: { caughtUp: true } },
  });
});

it('a readModel read again after the log was away forgets what is no longer there', () => {
  const { readModel } = readModelOf(anIncident(), anIncident({ id: 'inc-2' }));
  readModel.restart();
  const { value } = incidentRecord(anIncident());
  readModel.apply({ topic: 'incidents', partition: 0, offset: 0n, timestampMs: 0, key: 'inc-1', value, headers: {} });
  expect(readModel.list('default')).toHaveLength(2);
  readModel.caughtUp();
  expect(readModel.list('default').map(({ id }) => id)).toEqual(['inc-1']);
});

it('a readModel that has not read everything says so', () => {
  expect(() => new IncidentReadModel().requireReady()).toThrow('still reading');
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
