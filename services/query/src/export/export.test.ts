import { zstdCompressSync } from 'node:zlib';
import type { Bus, OutgoingRecord } from '@faultline/bus';
import { type Input, journalRecords, parseJournalFile, rawPageId, scopeKey } from '@faultline/model';
import { anIncident, incidentRecord } from '@faultline/model/testing';
import { afterEach, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { exportFromLog } from './export.ts';

let harness: Harness;
afterEach(() => harness.stop());

const known = anIncident();
const key = scopeKey(known.scope);
const tick: Input = { kind: 'tick' };
const checkpoint: Input = { kind: 'checkpoint', records: [] };
const naming = (incidentId: string): Input => ({
  kind: 'command',
  command: {
    id: 'c',
    scope: known.scope,
    incidentId,
    expectedRevision: null,
    actor: '',
    atMs: 0,
    action: { kind: 'acknowledge' },
  },
});

/** The journal of one scope, as the correlator writes it. */
function journal(bus: Bus, inputs: readonly Input[]): OutgoingRecord[] {
  const partition = bus.partitionOf('journal', key);
  const packing = { compress: zstdCompressSync, chunkBytes: 100 };
  return inputs.flatMap((input, index) =>
    journalRecords({ scopeKey: key, seq: index + 5, atMs: known.updatedAtMs, input }, packing).map((record) => ({
      topic: 'journal' as const,
      key,
      partition,
      ...record,
    })),
  );
}

const start = async (inputs: readonly Input[], options = {}) => {
  harness = await startHarness({
    prepare: (bus) => {
      const partition = bus.partitionOf('incidents', key);
      return bus.publish([{ ...incidentRecord(known), partition }, ...journal(bus, inputs)]);
    },
    ...options,
  });
};
const get = (headers = {}) => harness.http.inject({ url: `/api/v1/incidents/${known.id}/export`, headers });
const kindsOf = (text: string) => {
  const file = parseJournalFile(text);
  if (!file.ok) throw new Error(file.reason);
  return { kinds: file.value.entries.map(({ input }) => input.kind), revisions: file.value.revisions };
};

it('is cut from the checkpoint before the incident to the one that knows it no more, with what was published', async () => {
  const later: Input = { kind: 'checkpoint', records: [{ key: 'incident/other', value: '{}' }] };
  await start([tick, checkpoint, tick, checkpoint, tick, naming(known.id), tick, later, tick]);
  const answer = await get();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toMatch(/ndjson/);
  const { kinds, revisions } = kindsOf(answer.body);
  expect(kinds).toEqual(['checkpoint', 'tick', 'command', 'tick']);
  expect(revisions).toMatchObject([{ incidentId: known.id, revision: known.revision }]);
  expect(await exportFromLog(harness.bus, known.id)).toBe(answer.body);
});

it('leaves out pages that were sent raw: no journal leads to them', async () => {
  await start([checkpoint, naming(known.id)]);
  const raw = { ...known, id: rawPageId('an alert') };
  await harness.bus.publish([{ ...incidentRecord(raw), partition: harness.bus.partitionOf('incidents', key) }]);
  expect(kindsOf((await get()).body).revisions.map(({ incidentId }) => incidentId)).toEqual([known.id]);
});

it('is not found where the journal names no such incident, and for another tenant', async () => {
  await start([checkpoint, naming('another')]);
  expect((await get()).json()).toMatchObject({ code: 'QUERY_NOT_FOUND' });
  await expect(exportFromLog(harness.bus, known.id)).rejects.toMatchObject({ code: 'QUERY_NOT_FOUND' });
  expect((await get({ 'x-scope-orgid': 'stranger' })).statusCode).toBe(404);
});

it('is for administrators', async () => {
  const identify = (token: string | null) =>
    token === null ? null : ({ tenant: known.scope.tenant, source: null, role: token } as never);
  await start([checkpoint, naming(known.id)], { authenticator: { enabled: true, identify } });
  expect((await get()).statusCode).toBe(401);
  expect((await get({ authorization: 'Bearer source' })).statusCode).toBe(403);
  expect((await get({ authorization: 'Bearer admin' })).statusCode).toBe(200);
});

it('the postmortem of an incident is Markdown, and that of no incident is not found', async () => {
  await start([]);
  const answer = await harness.http.inject({ url: `/api/v1/incidents/${known.id}/postmortem` });
  expect(answer.headers['content-type']).toBe('text/markdown; charset=utf-8');
  expect(answer.body.split('\n')[0]).toBe(`# ${known.title}`);
  const none = await harness.http.inject({ url: '/api/v1/incidents/none/postmortem' });
  expect(none.statusCode).toBe(404);
});
