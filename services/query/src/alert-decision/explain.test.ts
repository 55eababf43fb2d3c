import type { Bus, OutgoingRecord } from '@faultline/bus';
import { codecs, type DeadLetter, type Delivery } from '@faultline/model';
import { anAlert, anIncident, incidentRecord } from '@faultline/model/testing';
import { afterEach, expect, it } from 'vitest';
import { type Harness, nowMs, startHarness } from '../testing/harness.ts';

let harness: Harness;
afterEach(() => harness.stop());

const incident = anIncident();
const [first] = incident.alerts;
const fingerprint = first?.fingerprint ?? '';

const sent: Delivery = {
  incidentId: incident.id,
  target: 'slack-ops#C1',
  state: 'sent',
  revision: 3,
  messageId: 'm',
  threadId: '',
  contentHash: '',
  attempts: 0,
  atMs: nowMs - 1000,
  error: '',
};
const deliveryRecord = (delivery: Delivery): OutgoingRecord => ({
  topic: 'deliveries',
  partition: 0,
  key: `${delivery.incidentId}|${delivery.target}`,
  value: codecs.delivery.encode(delivery),
});
const letterRecord = (id: string, payload: string, tenant = 'default'): OutgoingRecord => {
  const letter: DeadLetter = {
    id,
    source: 'grafana',
    signal: 'alerts',
    items: 1,
    code: 'INGEST_INVALID',
    reason: 'alerts[0].startsAt: expected a time',
    receivedAtMs: nowMs - 5000,
    contentType: 'application/json',
    payload: Buffer.from(payload),
  };
  return { topic: 'dead-letters', key: 'grafana', value: codecs.deadLetter.encode(letter), headers: { tenant } };
};
const start = async (prepare: (bus: Bus) => Promise<void>) => {
  harness = await startHarness({ prepare });
};
const ask = async (query: Record<string, string>, headers = {}) => {
  const response = await harness.http.inject({ url: '/api/v1/alerts/explain', query, headers });
  return { status: response.statusCode, body: response.json() };
};
const stored = { source: 'alertmanager', fingerprint: 'x1', environment: '', name: 'Old', status: 'firing' } as const;
const transition = {
  ...stored,
  severity: 'critical',
  labels: {},
  entities: {},
  startsAtMs: nowMs - 3_600_000,
  endsAtMs: null,
  receivedAtMs: nowMs - 3_600_000,
  url: '',
} as const;

it('an open incident answers from memory, also while the store is down', async () => {
  await start((bus) => bus.publish([incidentRecord(incident), deliveryRecord(sent)]));
  harness.history.down = true;
  const { status, body } = await ask({ fingerprint });
  expect(status).toBe(200);
  expect(body).toMatchObject({ outcome: 'paged', incidentId: 'inc-1', nearMatches: [] });
  expect(body.text).toContain('slack-ops#C1');
  expect(body.steps.map(({ kind }: { kind: string }) => kind)).toContain('delivery');
  expect((await ask({ fingerprint, source: 'zabbix' })).status).toBe(503);
  expect((await ask({ fingerprint }, { 'x-scope-orgid': 'stranger' })).status).toBe(503);
});

it('a tombstone forgets the deliveries of its incident', async () => {
  await start((bus) =>
    bus.publish([
      incidentRecord(incident),
      deliveryRecord(sent),
      deliveryRecord({ ...sent, incidentId: 'other' }),
      { topic: 'deliveries', partition: 0, key: `${incident.id}|${sent.target}`, value: null },
    ]),
  );
  expect((await ask({ fingerprint })).body).toMatchObject({ outcome: 'not-delivered' });
});

it('past incidents come from the store', async () => {
  await start(() => Promise.resolve());
  const past = anIncident({ id: 'past', status: 'resolved', alerts: [anAlert(1)] });
  harness.history.incidents = [past];
  harness.history.alertFacts = {
    transitions: [transition],
    memberships: [{ incidentId: 'past', revision: 1, membership: 'present', reason: 'opened the incident' }],
  };
  expect((await ask({ fingerprint: 'x1' })).body).toMatchObject({ incidentId: 'past', outcome: 'not-delivered' });
});

it('a refused body that holds the fingerprint as a whole text is found; a part of one is not', async () => {
  await start((bus) =>
    bus.publish([
      letterRecord('d1', '{"alerts":[{"fingerprint":"abc-1"}],"password":"s3cret-long"}'),
      letterRecord('d2', '{"alerts":[{"fingerprint":"abc-2"}]}', 'stranger'),
    ]),
  );
  const refused = await ask({ fingerprint: 'abc-1' });
  expect(refused.body).toMatchObject({ outcome: 'refused' });
  expect(refused.body.steps).toMatchObject([{ kind: 'refused', at: '2026-03-01T02:59:55Z' }]);
  for (const unknown of ['abc', 's3cret', 'abc-2'])
    expect((await ask({ fingerprint: unknown })).body, unknown).toMatchObject({ outcome: 'not-heard', steps: [] });
});

it('where nothing is known, what is similar is offered', async () => {
  await start(() => Promise.resolve());
  harness.history.alertMatches = [
    { source: 'grafana', fingerprint: 'near', name: 'Slow', status: 'firing', receivedAtMs: nowMs },
  ];
  expect((await ask({ fingerprint: 'Slow' })).body.nearMatches).toEqual([
    { source: 'grafana', fingerprint: 'near', name: 'Slow', status: 'firing', receivedAt: '2026-03-01T03:00:00Z' },
  ]);
  expect(await ask({})).toMatchObject({ status: 400, body: { field: 'fingerprint' } });
});
