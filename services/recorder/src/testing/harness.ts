/**
 * A recorder over the log in memory and a store that recognises a repeated batch by table and token. It can fail after
 * any effect.
 */
import { type Bus, createEmbeddedBus, withAssignments } from '@faultline/bus';
import {
  codecs,
  consumerGroups,
  type DeadLetter,
  type LedgerTotals,
  type RecorderProgress,
  type TelemetryTopic,
} from '@faultline/model';
import { AppError, Health, type Started, silentLogger } from '@faultline/runtime';
import type { Batch, StoreWriter } from '@faultline/store';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';
import { type RecorderConfig, recorderConfig } from '../config.ts';
import { createRecorder, type Recorder } from '../recorder.ts';

/** A clock that only the test moves. */
export interface TestClock {
  nowMs: number;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Called after each effect, named `insert <table>` or `commit`. Throws to crash there. */
export type AfterEffect = (effect: string) => void;

/** Throws to refuse a batch before anything of it is stored. */
export type BeforeInsert = (batch: Batch) => void;

export interface Harness {
  readonly bus: Bus;
  readonly clock: TestClock;
  readonly health: Health;
  /** The recorder reads it for every checkpoint, so a test can change the limits. */
  readonly config: Writable<RecorderConfig>;
  /** The content of the store: each batch once. */
  readonly stored: ReadonlyMap<string, Batch>;
  publish(records: readonly TelemetryRecord[]): Promise<void>;
  startRecorder(): Promise<Started<Recorder>>;
  progress(partition?: number): Promise<RecorderProgress | null>;
  ledger(): Promise<readonly LedgerTotals[]>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Advances the clock until everything published is recorded and no trace is open. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The error that stands for a crash. It is not transient, because an insert would then be retried. The harness's log
 * restarts the loop.
 */
export function crash(): AppError {
  return new AppError('TEST_CRASH', 'crashed here', { kind: 'permanent' });
}

export async function startHarness(
  startMs: number,
  afterEffect: AfterEffect = () => {},
  beforeInsert: BeforeInsert = () => {},
): Promise<Harness> {
  const clock: TestClock = { nowMs: startMs };
  const started = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 1, telemetry: 1 },
    maxRecordBytes: 1_000_000,
    logger: silentLogger,
    clock: () => clock.nowMs,
    tuning: { groups: { backoff: { baseMs: 1, maxMs: 1 }, maxPermanentFailures: 1_000, handoverMs: 100 } },
  }).start();
  const bus = started.value;
  const stored = new Map<string, Batch>();
  const config = { ...recorderConfig.parse({}), cutMaxAgeMs: 5, cutQuietAgeMs: 5, quietInsertsPerSecond: 1e6 };
  const parts = {
    bus: failingBus(bus, afterEffect),
    store: memoryStore(stored, afterEffect, beforeInsert),
    logger: silentLogger,
    clock: () => clock.nowMs,
    health: new Health(),
  };
  const harness: Harness = {
    bus,
    clock,
    config,
    stored,
    publish: (records) =>
      bus.publish(records.map(({ topic, value, headers }) => ({ topic, key: '', partition: 0, value, headers }))),
    startRecorder: () => createRecorder({ ...parts, config }).start(),
    progress: (partition = 0) => lastProgress(bus, partition),
    ledger: () => readLedger(bus),
    deadLetters: () => readDeadLetters(bus),
    health: parts.health,
    settle: () => settle(harness),
    stop: () => started.stop(),
  };
  return harness;
}

function failingBus(bus: Bus, afterEffect: AfterEffect): Bus {
  return withAssignments(bus, (assignment) => ({
    poll: (limit) => assignment.poll({ ...limit, waitMs: Math.min(limit.waitMs, 2) }),
    commit: async (commit) => {
      await assignment.commit(commit);
      afterEffect('commit');
    },
  }));
}

function memoryStore(stored: Map<string, Batch>, afterEffect: AfterEffect, beforeInsert: BeforeInsert): StoreWriter {
  return {
    insert: async (batches) => {
      for (const batch of batches) {
        beforeInsert(batch);
        const key = `${batch.table} ${batch.token}`;
        if (!stored.has(key)) stored.set(key, batch);
        afterEffect(`insert ${batch.table}`);
      }
    },
  };
}

async function lastProgress(bus: Bus, partition: number): Promise<RecorderProgress | null> {
  let progress: RecorderProgress | null = null;
  for await (const { key, value } of bus.read({ topic: 'recorder-progress', partition, from: 0n })) {
    const decoded = value === null || !key.startsWith('progress/') ? null : codecs.recorderProgress.decode(value);
    if (decoded?.ok) progress = decoded.value;
  }
  return progress;
}

async function readLedger(bus: Bus): Promise<readonly LedgerTotals[]> {
  const totals = new Map<string, LedgerTotals>();
  for await (const { key, value } of bus.read({ topic: 'ledger', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
    if (decoded?.ok) totals.set(key, decoded.value);
  }
  return [...totals.values()];
}

async function readDeadLetters(bus: Bus): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const { value } of bus.read({ topic: 'dead-letters', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.deadLetter.decode(value);
    if (decoded?.ok) letters.push(decoded.value);
  }
  return letters;
}

const telemetry: readonly TelemetryTopic[] = ['spans', 'logs', 'metrics'];

async function settle({ bus, clock, progress }: Harness): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSettled(bus, await progress()))) {
    if (performance.now() > deadline) throw new Error(`not settled: ${JSON.stringify(await progress(), String)}`);
    clock.nowMs += 100;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function isSettled(bus: Bus, progress: RecorderProgress | null): Promise<boolean> {
  for (const topic of telemetry) {
    const next = (await bus.offsets(topic))[0]?.next ?? 0n;
    const committed = (await bus.committed(consumerGroups.recorder, topic))[0]?.offset ?? 0n;
    const low = progress?.topics.find((entry) => entry.topic === topic)?.low ?? 0n;
    if (next > 0n && (committed < next || low < next || progress?.cut !== null)) return false;
  }
  return true;
}
