import type { Alert, IncidentMember } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertRow, incidentAlertRow } from '../history.ts';
import type { Store } from '../port.ts';
import { baseMs, openTestStore, type TestStore } from '../testing/rows.ts';

const scope = { tenant: `alert-history-${process.pid}-${baseMs}`, environment: 'production' };
let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
}, 60_000);
afterAll(() => opened.close());

const alertOf = (id: string, extra: Partial<Alert> = {}): Alert => ({
  id,
  scope,
  source: 'grafana',
  fingerprint: 'abc123',
  name: 'DiskFull',
  status: 'firing',
  severity: 'critical',
  summary: '',
  labels: { pod: 'cart-1' },
  annotations: {},
  entities: { service: 'cart' },
  endsAtMs: null,
  expiresAfterMs: null,
  url: '',
  raw: '',
  startsAtMs: baseMs,
  receivedAtMs: baseMs + 5,
  ...extra,
});
const memberOf = (incidentId: string, revision: number, extra: Partial<IncidentMember> = {}): IncidentMember => ({
  scope,
  incidentId,
  revision,
  membership: 'present',
  entities: {},
  alert: {
    fingerprint: 'abc123',
    name: 'DiskFull',
    status: 'firing',
    severity: 'critical',
    startsAtMs: baseMs,
    endsAtMs: null,
    labels: {},
    entity: 'service:cart',
    reason: `in ${incidentId} since revision ${revision}`,
    source: 'grafana',
    url: '',
    environment: '',
    kind: 'fault',
  },
  ...extra,
});
const insertAlerts = (token: string, alerts: readonly Alert[]) =>
  store.insert([{ table: 'alerts', token: `${scope.tenant}/${token}`, rows: alerts.map(alertRow) }]);

it('transitions come last received first, each as it came first', async () => {
  const resolved = alertOf('2', { status: 'resolved', endsAtMs: baseMs + 60, receivedAtMs: baseMs + 61 });
  await insertAlerts('first', [alertOf('1'), resolved]);
  await insertAlerts('again', [alertOf('1', { receivedAtMs: baseMs + 70 }), alertOf('3', { fingerprint: 'other' })]);
  const { transitions } = await store.alertHistory({ tenant: scope.tenant, source: '', fingerprint: 'abc123' });
  expect(transitions.map(({ status, receivedAtMs }) => [status, receivedAtMs - baseMs])).toEqual([
    ['resolved', 61],
    ['firing', 5],
  ]);
  const { id: _id, scope: _scope, summary: _s, annotations: _a, expiresAfterMs: _e, raw: _raw, ...kept } = alertOf('1');
  expect(transitions[1]).toEqual({ ...kept, environment: 'production' });
  const elsewhere = { tenant: scope.tenant, source: 'zabbix', fingerprint: 'abc123' };
  expect((await store.alertHistory(elsewhere)).transitions).toEqual([]);
});

it('memberships come in their last revision, those that ended too', async () => {
  const rows = [
    memberOf('inc-1', 1),
    memberOf('inc-1', 4, { membership: 'left' }),
    memberOf('inc-2', 1, { alert: { ...memberOf('inc-2', 1).alert, startsAtMs: baseMs + 9 } }),
    memberOf('inc-3', 1, { scope: { ...scope, tenant: `${scope.tenant}-b` } }),
  ];
  await store.insert([
    { table: 'incident_alerts', token: `${scope.tenant}/members`, rows: rows.map(incidentAlertRow) },
  ]);
  const asked = { tenant: scope.tenant, source: 'grafana', fingerprint: 'abc123' };
  const { memberships } = await store.alertHistory(asked);
  expect(memberships.map(({ incidentId, revision, membership }) => [incidentId, revision, membership])).toEqual([
    ['inc-2', 1, 'present'],
    ['inc-1', 4, 'left'],
  ]);
  expect(memberships[0]?.reason).toBe('in inc-2 since revision 1');
});

it('alerts are found by part of a fingerprint or name, and by the whole value of a label', async () => {
  await insertAlerts('search', [
    alertOf('10', { fingerprint: 'near-1', name: 'CartSlow', receivedAtMs: baseMs + 100, labels: { pod: 'cart-7' } }),
    alertOf('11', { fingerprint: 'near-2', name: 'WebSlow', receivedAtMs: baseMs + 50 }),
    alertOf('12', { fingerprint: 'near-3', name: 'Old', receivedAtMs: baseMs - 100 }),
  ]);
  const found = async (text: string) =>
    (await store.searchAlerts({ tenant: scope.tenant, text, sinceMs: baseMs })).map(({ fingerprint }) => fingerprint);
  expect(await found('cartSLOW')).toEqual(['near-1']);
  expect(await found('slow')).toEqual(['near-1', 'near-2']);
  expect(await found('NEAR-')).toEqual(['near-1', 'near-2']);
  expect(await found('cart-7')).toEqual(['near-1']);
  expect(await found('art-7')).toEqual([]);
});
