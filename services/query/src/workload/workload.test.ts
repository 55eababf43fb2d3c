/** The workloads over HTTP, from records as the watcher writes them. */
import type { Bus } from '@faultline/bus';
import { anIncident, incidentRecord } from '@faultline/model/testing';
import { afterEach, expect, it } from 'vitest';
import {
  aDrift,
  aFinding,
  aRollout,
  aSecretChange,
  driftRecord,
  findingRecord,
  minuteMs,
  ownerRecord,
  podRecord,
  withoutValue,
  workloadRecord,
} from '../testing/cluster.ts';
import { type Harness, nowMs, startHarness } from '../testing/harness.ts';

const pay = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
let harness: Harness;
afterEach(() => harness.stop());

async function start(...records: Parameters<Bus['publish']>[0]): Promise<void> {
  harness = await startHarness({ prepare: (bus) => bus.publish(records) });
}

const get = async (path: string) => (await harness.http.inject(`/api/v1${path}`)).json();
const names = async (query: string) =>
  (await get(`/workloads?${query}`)).workloads.map(
    ({ workload }: { workload: { object: { name: string } } }) => workload.object.name,
  );

it('the list has the failing ones first, and is searched by name, service, team and image', async () => {
  await start(
    workloadRecord('cart'),
    workloadRecord('idle', { replicas: 0 }),
    workloadRecord('new', { rollout: {} }),
    workloadRecord('full'),
    workloadRecord('pay', { image: 'registry.example/pay:2' }),
    podRecord('pay-1', 'pay'),
    ownerRecord({ kind: 'Namespace', namespace: '', name: 'shop' }, 'storefront'),
    ownerRecord(pay, 'payers'),
    findingRecord(aFinding()),
    findingRecord(
      aFinding({
        id: 'f2',
        mechanism: 'autoscaler-at-limit',
        object: { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'full' },
        entities: { workload: 'full', namespace: 'shop', cluster: 'east' },
      }),
    ),
  );
  expect(await names('')).toEqual(['pay', 'new', 'full', 'idle', 'cart']);
  expect(await names('search=PAY-SERVICE')).toEqual(['pay']);
  expect(await names('search=payers')).toEqual(['pay']);
  expect(await names('search=registry.example')).toEqual(['pay']);
  expect(await names('search=storefront&state=healthy,warning')).toEqual(['full', 'cart']);
  expect(await names('cluster=west')).toEqual([]);
  const { workloads, total, clusters, namespaces, nextPageToken } = await get('/workloads?pageSize=2');
  expect([total, clusters, namespaces]).toEqual([5, ['east'], ['shop']]);
  expect(workloads[0]).toMatchObject({
    team: 'payers',
    service: 'pay-service',
    health: { state: 'failing', desired: 1, pods: 1, affected: 1, since: '2026-03-01T02:55:00Z' },
    problem: expect.stringContaining('Secret pay-db, which is missing'),
  });
  expect(await names(`pageSize=9&pageToken=${nextPageToken}`)).toEqual(['full', 'idle', 'cart']);
});

it('a workload answers why its rollout does not finish: mechanism, object, field, since, who, and how to see it', async () => {
  await start(
    workloadRecord('pay', { rollout: { state: 'stuck', reason: 'ProgressDeadlineExceeded' } }),
    podRecord('pay-2', 'pay'),
    podRecord('pay-1', 'pay', nowMs - minuteMs),
    findingRecord(
      aFinding({ id: 'f0', mechanism: 'rollout-stuck', target: null, targetKey: '', sinceMs: nowMs - 6 * minuteMs }),
    ),
    findingRecord(aFinding()),
    incidentRecord(anIncident({ hypotheses: [] })),
  );
  harness.history.changeRows = [aSecretChange(), aRollout('pay'), aRollout('other', { over: { id: 'c9' } })];
  harness.history.findingRows = [
    aFinding({ id: 'f9', mechanism: 'out-of-memory', endedAtMs: nowMs - 60 * minuteMs }),
    aFinding({ id: 'f8', endedAtMs: nowMs - 2000 * minuteMs }),
  ];
  const workload = await get('/workloads/shop/pay');
  expect(workload.answer).toBe(
    'The rollout that ann began at 02:50 UTC does not finish: Deployment shop/pay: env DB_URL refers to key url of Secret pay-db, which is missing (1 of 3), since 02:55 UTC, when kustomize-controller changed Secret pay-db.',
  );
  expect(workload.findings).toMatchObject([
    {
      fault: { mechanism: 'secret-missing', field: aFinding().field, since: '2026-03-01T02:55:00Z' },
      checkCommand: 'kubectl -n shop describe secret pay-db',
      change: { id: 'c2', summary: 'Secret shop/pay-db deleted' },
    },
    { fault: { mechanism: 'rollout-stuck' }, checkCommand: 'kubectl -n shop rollout status deployment/pay' },
  ]);
  expect(workload.pastFindings).toMatchObject([{ fault: { id: 'f9' } }]);
  expect(workload.rollouts).toMatchObject([
    { id: 'c1', clusterChange: { rollout: { state: 'progressing' }, images: [{ to: 'pay:2' }] } },
  ]);
  expect(workload.changes).toMatchObject([{ id: 'c2' }]);
  expect(workload.pods).toMatchObject([
    { name: 'pay-1', endedAt: '2026-03-01T02:59:00Z' },
    { name: 'pay-2', endedAt: null },
  ]);
  expect(workload.summary.health).toMatchObject({ pods: 1, state: 'failing' });
  expect(workload.missing).toEqual([]);
});

it('while the store is down health and present faults are told, and what is missing is named', async () => {
  await start(workloadRecord('pay'), findingRecord(aFinding()));
  harness.history.down = true;
  const { findings, missing } = await get('/workloads/shop/pay');
  expect(findings).toHaveLength(1);
  expect(missing.map(({ part }: { part: string }) => part).sort()).toEqual([
    'causes',
    'changes',
    'past-findings',
    'rightsizing',
  ]);
  expect((await harness.http.inject('/api/v1/changes')).statusCode).toBe(503);
});

it('names that fit several workloads are refused with the field that tells them apart', async () => {
  await start(
    workloadRecord('pay'),
    workloadRecord('pay', { cluster: 'west' }),
    workloadRecord('pay', { cluster: 'west', kind: 'CronJob' }),
  );
  expect(await get('/workloads/shop/pay')).toMatchObject({
    field: 'cluster',
    message: 'cluster: must be one of east, west',
  });
  expect(await get('/workloads/shop/pay?cluster=west')).toMatchObject({
    field: 'kind',
    message: 'kind: must be one of CronJob, Deployment',
  });
  expect(await get('/workloads/shop/pay?cluster=west&kind=CronJob')).toMatchObject({
    summary: { images: [{ container: 'pay', image: 'pay:1' }], health: { state: 'healthy', desired: -1 } },
  });
  expect(await get('/workloads/shop/nobody')).toMatchObject({ status: 'NOT_FOUND' });
});

it('what was deleted or has ended is gone, and another tenant sees nothing', async () => {
  const [workload, finding] = [
    workloadRecord('pay'),
    findingRecord(aFinding({ entities: { ...aFinding().entities, workload: 'shop/pay' } })),
  ];
  await start(workload, workloadRecord('cart'), finding);
  expect((await get('/workloads/shop/pay')).findings).toHaveLength(1);
  await harness.bus.publish([withoutValue(finding), withoutValue(workloadRecord('cart'))]);
  await expect.poll(() => names('')).toEqual(['pay']);
  expect((await get('/workloads/shop/pay')).answer).toBe('');
  const theirs = await harness.http.inject({ url: '/api/v1/workloads', headers: { 'x-scope-orgid': 'other' } });
  expect(theirs.json()).toMatchObject({ workloads: [], clusters: [] });
});

it('a fault that is older than its workload page names its change, however old', async () => {
  await start(workloadRecord('pay'), findingRecord(aFinding()));
  harness.history.changeRows = [aSecretChange({ startedAtMs: nowMs - 40 * 86_400_000 })];
  expect((await get('/workloads/shop/pay')).findings[0].change).toMatchObject({ id: 'c2' });
});

it.each([
  [{ state: 'progressing' as const }, 'goes on: 1 of 3 pods are updated, 2 are available. No fault is known.'],
  [{ state: 'paused' as const }, 'is paused: 1 of 3 pods are updated, 2 are available.'],
  [{ state: 'stuck' as const, reason: 'R' }, 'is stuck (R): 1 of 3 pods are updated, 2 are available.'],
])('a rollout without a known fault: %j', async (rollout, text) => {
  await start(workloadRecord('pay', { rollout }));
  expect((await get('/workloads/shop/pay')).answer).toBe(`The rollout that ann began at 02:50 UTC ${text}`);
});

it('changes are filtered by cluster, namespace, service, object and time', async () => {
  await start();
  harness.history.changeRows = [
    aRollout('pay'),
    aSecretChange(),
    aRollout('old', { over: { id: 'c0', startedAtMs: 0 } }),
  ];
  const ids = async (query: string) => (await get(`/changes?${query}`)).changes.map(({ id }: { id: string }) => id);
  expect(await ids('')).toEqual(['c1', 'c2']);
  expect(await ids('objectKind=Secret&objectName=pay-db')).toEqual(['c2']);
  expect(await ids('cluster=east&namespace=shop&service=payments')).toEqual(['c1', 'c2']);
  expect(await ids('from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z')).toEqual(['c0']);
  expect(await get('/changes?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z')).toMatchObject({ field: 'from' });
  expect(await get('/changes?kind=magic')).toMatchObject({ field: 'kind.0' });
});

it('drift is listed with the highest risk first, accepted by a person until a date, and is on the page of its workload', async () => {
  await start(
    workloadRecord('pay'),
    driftRecord(aDrift({ id: 'd-low', risk: 'low' })),
    driftRecord(aDrift()),
    driftRecord(
      aDrift({ id: 'd-other', object: { kind: 'Deployment', namespace: 'shop', name: 'cart' }, entities: {} }),
    ),
  );
  const ids = async (query: string) => (await get(`/drift?${query}`)).drift.map(({ id }: { id: string }) => id);
  expect(await ids('')).toEqual(['d-1', 'd-other', 'd-low']);
  const first = await get('/drift?pageSize=2');
  expect([first.total, await ids(`pageSize=2&pageToken=${first.nextPageToken}`)]).toEqual([3, ['d-low']]);
  expect(await ids('name=pay&risk=high')).toEqual(['d-1']);
  expect((await get('/workloads/shop/pay')).drift).toMatchObject([
    {
      id: 'd-1',
      path: 'spec.replicas',
      value: '3',
      expected: '2',
      isHashed: false,
      repair: { command: 'kubectl scale' },
    },
    { id: 'd-low' },
  ]);
  const accept = (id: string, payload: object) =>
    harness.http.inject({ method: 'POST', url: `/api/v1/drift/${id}/accept`, payload });
  const until = '2026-04-01T00:00:00Z';
  expect((await accept('d-1', { reason: 'x' })).json()).toMatchObject({ field: 'until' });
  expect((await accept('d-1', { reason: 'x', until: '2020-01-01T00:00:00Z' })).json()).toMatchObject({
    field: 'until',
  });
  expect((await accept('nothing', { reason: 'x', until })).statusCode).toBe(404);
  const done = await accept('d-1', { reason: 'load test', until, actor: 'ann' });
  expect(done.json()).toMatchObject({
    state: 'done',
    drift: { state: 'accepted', acceptance: { reason: 'load test', actor: 'ann', until } },
  });
  await expect.poll(() => ids('')).toEqual(['d-other', 'd-low']);
  expect(await ids('state=accepted')).toEqual(['d-1']);
  expect(await get('/drift?pageToken=x')).toMatchObject({ field: 'pageToken' });
});

it('drift that ended is gone', async () => {
  await start(driftRecord(aDrift()));
  await harness.bus.publish([withoutValue(driftRecord(aDrift()))]);
  await expect.poll(async () => (await get('/drift')).total).toBe(0);
});
