import { type Change, codecs, recordTypeHeader, recordTypes, type WorkloadFinding } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import type { Batch } from '@faultline/store';
import { afterEach, expect, it } from 'vitest';
import { baseMs, type SpanSpec, spanRecord } from './testing/block.ts';
import { type BeforeInsert, crash, type Harness, startHarness } from './testing/harness.ts';
import { referenceSums, sumsOf } from './testing/reference-join.ts';

const place = { offset: 0n, timestampMs: 0 };
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(beforeInsert?: BeforeInsert, afterEffect?: () => void): Promise<Harness> {
  const harness = await startHarness(baseMs, afterEffect, beforeInsert);
  stops.push(() => harness.stop());
  return harness;
}

async function record(harness: Harness): Promise<void> {
  const recorder = await harness.startRecorder();
  stops.push(() => recorder.stop());
}

/** Waits until `isSo` holds. The clock moves with real time. */
async function until(harness: Harness, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it never came to pass');
    harness.clock.nowMs += 10;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const trace = (number: number): SpanSpec[] => [
  { trace: number, service: 'front', id: 1, name: 'GET', kind: 'server', from: 0, to: 50 },
  { trace: number, service: 'front', id: 2, parent: 1, name: 'call', kind: 'client', from: 5, to: 45 },
  { trace: number, service: 'cart', id: 3, parent: 2, name: 'add', kind: 'server', from: 10, to: 40 },
];

const rows = (harness: Harness, table: Batch['table']) =>
  [...harness.stored.values()]
    .filter((batch) => batch.table === table)
    .flatMap((batch): readonly object[] => batch.rows);

it('while the store is down the recorder waits, reports it in health, and loses nothing', async () => {
  let refusals = 0;
  const harness = await start(() => {
    if (refusals++ < 3) throw new AppError('STORE_UNAVAILABLE', 'away', { kind: 'transient' });
  });
  harness.config.storeRetryBaseMs = 1;
  await harness.publish([spanRecord(trace(1), place)]);
  await record(harness);
  await until(harness, () => !harness.health.report().ok);
  await harness.settle();
  expect(refusals).toBeGreaterThan(3);
  expect(harness.health.report().ok).toBe(true);
  expect(sumsOf(harness.stored.values())).toEqual(referenceSums(trace(1)));
});

it('the recorder can stop while the store is down, and continues where it was', async () => {
  let away = true;
  const harness = await start(() => {
    if (away) throw new AppError('STORE_UNAVAILABLE', 'away', { kind: 'transient' });
  });
  await harness.publish([spanRecord(trace(1), place)]);
  const first = await harness.startRecorder();
  await until(harness, () => !harness.health.report().ok);
  await first.stop();
  away = false;
  await record(harness);
  await harness.settle();
  expect(sumsOf(harness.stored.values())).toEqual(referenceSums(trace(1)));
});

it('a record that cannot be decoded becomes a dead letter, and the others are recorded', async () => {
  const harness = await start();
  const broken = { ...spanRecord(trace(1), place), value: new Uint8Array([1, 2, 3]) };
  await harness.publish([broken, spanRecord(trace(2), place)]);
  await record(harness);
  await harness.settle();
  const letters = await harness.deadLetters();
  expect(letters).toMatchObject([{ code: 'RECORDER_UNREADABLE', signal: 'spans', items: 3, source: 'test' }]);
  expect(letters[0]?.payload).toEqual(Buffer.from([1, 2, 3]));
  expect(await harness.ledger()).toMatchObject([{ totals: { recorded: 3, deadLettered: 3 } }]);
});

it('the one row that the store refuses is found', async () => {
  const isBad = (row: object) => 'SpanName' in row && row.SpanName === 'bad';
  const harness = await start(({ rows }) => {
    if (rows.some(isBad)) throw new AppError('STORE_REJECTED', 'not this row', { kind: 'permanent' });
  });
  const bad = { trace: 2, service: 'front', id: 1, name: 'bad', from: 0, to: 1 };
  await harness.publish([spanRecord([...trace(1), bad, ...trace(3)], place)]);
  await record(harness);
  await harness.settle();
  expect(rows(harness, 'otel_traces')).toHaveLength(6);
  expect(await harness.deadLetters()).toMatchObject([
    { code: 'RECORDER_REJECTED', reason: 'otel_traces: not this row' },
  ]);
});

it('all sessions close early rather than hold too many items', async () => {
  const harness = await start();
  harness.config.maxPendingSpans = 5;
  await harness.publish([spanRecord(trace(1), place), spanRecord(trace(2), place)]);
  await record(harness);
  await until(harness, async () => (await harness.progress())?.topics[0]?.low === 2n);
  expect(harness.clock.nowMs).toBeLessThan(baseMs + 10_000);
  expect(sumsOf(harness.stored.values())).toEqual(referenceSums([...trace(1), ...trace(2)]));
});

it('a record that arrives behind the watermark counts once, also after a restart', async () => {
  let crashes = false;
  const harness = await start(undefined, () => {
    if (crashes) {
      crashes = false;
      throw crash();
    }
  });
  await harness.publish([spanRecord(trace(1).slice(0, 2), place)]);
  await record(harness);
  const isSettled = (row: object) => 'SettledCalls' in row && Number(row.SettledCalls) > 0;
  await until(harness, () => rows(harness, 'operation_windows').some(isSettled));
  // The log's clock is behind ours: the record's timestamp is before the watermark.
  harness.clock.nowMs = baseMs + 1_000;
  await harness.publish([spanRecord(trace(1).slice(2), place)]);
  await until(harness, async () => ((await harness.progress())?.lifts.length ?? 0) > 0);
  crashes = true;
  await harness.settle();
  expect(crashes).toBe(false);
  expect(sumsOf(harness.stored.values())).toEqual({
    ...referenceSums(trace(1).slice(0, 2)),
    ...referenceSums(trace(1).slice(2)),
  });
});

it('faults of workloads are written, and an unreadable one does not stop the next', async () => {
  const harness = await start();
  const finding: WorkloadFinding = {
    id: 'f',
    scope: { tenant: 't', environment: 'e' },
    source: 'kubernetes',
    mechanism: 'secret-missing',
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    field: 'spec.template.spec.containers[pay].env[URL].valueFrom.secretKeyRef',
    target: { kind: 'Secret', namespace: 'shop', name: 'pay-db' },
    targetKey: 'url',
    entities: { service: 'payments', workload: 'pay', namespace: 'shop', cluster: 'east' },
    reason: 'CreateContainerConfigError',
    message: '',
    sinceMs: baseMs,
    endedAtMs: null,
    observedAtMs: baseMs,
    affected: 1,
    total: 3,
    measures: {},
    changedBy: null,
  };
  const headers = { [recordTypeHeader]: recordTypes.workloadFinding };
  const values = [new Uint8Array([9]), codecs.workloadFinding.encode(finding)];
  await harness.bus.publish(values.map((value) => ({ topic: 'changes' as const, key: 't/e', value, headers })));
  await record(harness);
  await until(harness, async () => (await harness.bus.committed('recorder-history', 'changes'))[0]?.offset === 2n);
  expect(rows(harness, 'workload_findings')).toMatchObject([
    { Id: 'f', Cluster: 'east', ObjectName: 'pay', TargetName: 'pay-db', Workload: 'pay', EndedAt: null },
  ]);
});

it('the history of alerts, changes and declared edges is written', async () => {
  const harness = await start();
  const scope = { tenant: 't', environment: 'e' };
  const graph = { scope, source: 'me', edges: [{ from: 'a', to: 'b' }], declaredAtMs: baseMs };
  const change: Change = {
    id: 'c',
    scope,
    source: 's',
    kind: 'deploy',
    entities: { service: 'a' },
    summary: '',
    actor: '',
    startedAtMs: baseMs,
    endedAtMs: null,
    version: '2',
    previousVersion: '1',
    url: '',
    receivedAtMs: baseMs,
    raw: '{}',
  };
  const topic = 'changes' as const;
  const declared = { [recordTypeHeader]: recordTypes.declaredGraph };
  await harness.bus.publish([
    { topic, key: 't/e', value: codecs.declaredGraph.encode(graph), headers: declared },
    { topic, key: 't/e', value: codecs.change.encode(change), headers: { [recordTypeHeader]: recordTypes.change } },
    { topic: 'incidents', key: 'i', value: new Uint8Array([9]) },
    { topic: 'incidents', key: 'i', value: null },
  ]);
  await record(harness);
  const isCommitted = async (name: 'changes' | 'incidents') =>
    (await harness.bus.committed('recorder-history', name))[0]?.offset === 2n;
  await until(harness, async () => (await isCommitted('changes')) && (await isCommitted('incidents')));
  expect(rows(harness, 'declared_edges')).toMatchObject([{ Caller: 'a', Callee: 'b', Source: 'me' }]);
  expect(rows(harness, 'changes')).toMatchObject([{ Id: 'c', Kind: 'deploy' }]);
  expect(await harness.deadLetters()).toMatchObject([{ code: 'RECORDER_UNREADABLE' }]);
});

it.each([1, 100, 10_000])('with a settle time of %i ms every span is recorded once', async (settleMs) => {
  const harness = await start();
  harness.config.settleMs = settleMs;
  await harness.publish([spanRecord(trace(1), place)]);
  await record(harness);
  await harness.settle();
  await harness.publish([spanRecord(trace(2), place), spanRecord(trace(3), place)]);
  await harness.settle();
  expect(sumsOf(harness.stored.values())).toEqual(referenceSums([...trace(1), ...trace(2), ...trace(3)]));
});
