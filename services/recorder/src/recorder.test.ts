import { type Change, codecs, recordTypeHeader, recordTypes } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import type { Batch } from '@faultline/store';
import { afterEach, expect, it } from 'vitest';
import { baseMs, type SpanSpec, spanRecord } from './testing/block.ts';
import { dumbSums, sumsOf } from './testing/dumb-join.ts';
import { type BeforeInsert, crash, type Rig, startRig } from './testing/rig.ts';

const place = { offset: 0n, timestampMs: 0 };
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(beforeInsert?: BeforeInsert, afterEffect?: () => void): Promise<Rig> {
  const rig = await startRig(baseMs, afterEffect, beforeInsert);
  stops.push(() => rig.stop());
  return rig;
}

async function record(rig: Rig): Promise<void> {
  const recorder = await rig.startRecorder();
  stops.push(() => recorder.stop());
}

/** Lets real time pass until it is so; the clock moves with it. */
async function until(rig: Rig, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it never came to pass');
    rig.clock.nowMs += 10;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const trace = (number: number): SpanSpec[] => [
  { trace: number, service: 'front', id: 1, name: 'GET', kind: 'server', from: 0, to: 50 },
  { trace: number, service: 'front', id: 2, parent: 1, name: 'call', kind: 'client', from: 5, to: 45 },
  { trace: number, service: 'cart', id: 3, parent: 2, name: 'add', kind: 'server', from: 10, to: 40 },
];

const rows = (rig: Rig, table: Batch['table']) =>
  [...rig.stored.values()].filter((batch) => batch.table === table).flatMap((batch): readonly object[] => batch.rows);

it('waits for a store that is away, says so, and loses nothing', async () => {
  let refusals = 0;
  const rig = await start(() => {
    if (refusals++ < 3) throw new AppError('STORE_UNAVAILABLE', 'away', { kind: 'transient' });
  });
  rig.config.storeRetryBaseMs = 1;
  await rig.publish([spanRecord(trace(1), place)]);
  await record(rig);
  await until(rig, () => !rig.health.report().ok);
  await rig.settle();
  expect(refusals).toBeGreaterThan(3);
  expect(rig.health.report().ok).toBe(true);
  expect(sumsOf(rig.stored.values())).toEqual(dumbSums(trace(1)));
});

it('stops while the store is away, and goes on where it was', async () => {
  let away = true;
  const rig = await start(() => {
    if (away) throw new AppError('STORE_UNAVAILABLE', 'away', { kind: 'transient' });
  });
  await rig.publish([spanRecord(trace(1), place)]);
  const first = await rig.startRecorder();
  await until(rig, () => !rig.health.report().ok);
  await first.stop();
  away = false;
  await record(rig);
  await rig.settle();
  expect(sumsOf(rig.stored.values())).toEqual(dumbSums(trace(1)));
});

it('keeps a record that cannot be read as a dead letter and records the others', async () => {
  const rig = await start();
  const broken = { ...spanRecord(trace(1), place), value: new Uint8Array([1, 2, 3]) };
  await rig.publish([broken, spanRecord(trace(2), place)]);
  await record(rig);
  await rig.settle();
  const letters = await rig.deadLetters();
  expect(letters).toMatchObject([{ code: 'RECORDER_UNREADABLE', signal: 'spans', items: 3, source: 'test' }]);
  expect(letters[0]?.payload).toEqual(Buffer.from([1, 2, 3]));
  expect(await rig.ledger()).toMatchObject([{ totals: { recorded: 3, deadLettered: 3 } }]);
});

it('finds the one row that the store will never take', async () => {
  const isBad = (row: object) => 'SpanName' in row && row.SpanName === 'bad';
  const rig = await start(({ rows }) => {
    if (rows.some(isBad)) throw new AppError('STORE_REJECTED', 'not this row', { kind: 'permanent' });
  });
  const bad = { trace: 2, service: 'front', id: 1, name: 'bad', from: 0, to: 1 };
  await rig.publish([spanRecord([...trace(1), bad, ...trace(3)], place)]);
  await record(rig);
  await rig.settle();
  expect(rows(rig, 'otel_traces')).toHaveLength(6);
  expect(await rig.deadLetters()).toMatchObject([{ code: 'RECORDER_REJECTED', reason: 'otel_traces: not this row' }]);
});

it('settles all traces early rather than hold too many', async () => {
  const rig = await start();
  rig.config.maxPendingSpans = 5;
  await rig.publish([spanRecord(trace(1), place), spanRecord(trace(2), place)]);
  await record(rig);
  await until(rig, async () => (await rig.progress())?.topics[0]?.low === 2n);
  expect(rig.clock.nowMs).toBeLessThan(baseMs + 10_000);
  expect(sumsOf(rig.stored.values())).toEqual(dumbSums([...trace(1), ...trace(2)]));
});

it('a record that comes behind the watermark counts once, also after a restart', async () => {
  let crashes = false;
  const rig = await start(undefined, () => {
    if (crashes) {
      crashes = false;
      throw crash();
    }
  });
  await rig.publish([spanRecord(trace(1).slice(0, 2), place)]);
  await record(rig);
  await until(rig, () => rows(rig, 'operation_windows').length > 0);
  // The log's clock is behind ours: the record's timestamp is older than what has been settled.
  rig.clock.nowMs = baseMs + 1_000;
  await rig.publish([spanRecord(trace(1).slice(2), place)]);
  await until(rig, async () => ((await rig.progress())?.lifts.length ?? 0) > 0);
  crashes = true;
  await rig.settle();
  expect(crashes).toBe(false);
  expect(sumsOf(rig.stored.values())).toEqual({
    ...dumbSums(trace(1).slice(0, 2)),
    ...dumbSums(trace(1).slice(2)),
  });
});

it('writes the history of alerts, changes and declared edges', async () => {
  const rig = await start();
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
  await rig.bus.publish([
    { topic, key: 't/e', value: codecs.declaredGraph.encode(graph), headers: declared },
    { topic, key: 't/e', value: codecs.change.encode(change), headers: { [recordTypeHeader]: recordTypes.change } },
    { topic: 'incidents', key: 'i', value: new Uint8Array([9]) },
    { topic: 'incidents', key: 'i', value: null },
  ]);
  await record(rig);
  const isCommitted = async (name: 'changes' | 'incidents') =>
    (await rig.bus.committed('recorder-history', name))[0]?.offset === 2n;
  await until(rig, async () => (await isCommitted('changes')) && (await isCommitted('incidents')));
  expect(rows(rig, 'declared_edges')).toMatchObject([{ Caller: 'a', Callee: 'b', Source: 'me' }]);
  expect(rows(rig, 'changes')).toMatchObject([{ Id: 'c', Kind: 'deploy' }]);
  expect(await rig.deadLetters()).toMatchObject([{ code: 'RECORDER_UNREADABLE' }]);
});
