import { sleep } from '@faultline/runtime';
import { expect, test } from 'vitest';
import {
  generous,
  onAssignment,
  positionsAfter,
  readAll,
  record,
  textOf,
  until,
  untilRevoked,
} from '../../contract/harness.ts';
import type { PartitionAssignment } from '../port.ts';
import type { KafkaConfig } from './config.ts';
import { createKafkaBus, type KafkaBus, type KafkaBusOptions } from './index.ts';
import { Names } from './names.ts';
import { openTransaction } from './testing/open-transaction.ts';
import { removeTopics, testConfig, testOptions } from './testing/under-test.ts';

const partition = 0;
const alerts = [0, 1, 2].map((number) => ({ ...record('alerts', 'k', String(number)), partition }));
/** The shortest that the test brokers allow. */
const sessionTimeoutMs = 1_000;

/** Buses over the same topics, as in two processes. */
async function withTwo(
  changes: Partial<KafkaConfig>,
  work: (first: KafkaBus, second: KafkaBus, options: KafkaBusOptions) => Promise<void>,
): Promise<void> {
  const config = testConfig({ sessionTimeoutMs });
  const options = { ...testOptions(), config: { ...config, ...changes } };
  const first = await createKafkaBus(options).start();
  const second = await createKafkaBus({ ...testOptions(), config }).start();
  try {
    await work(first.value, second.value, options);
  } finally {
    await first.stop();
    await second.stop();
    await removeTopics({ ...testOptions(), config });
  }
}

const count = (text: string) => ({ ...record('journal', 'k', text), partition });

test('a zombie that wakes after its partition moved commits nothing, and nothing is counted twice', () =>
  // The first sends no heartbeat, like a stopped process, so the group assigns its partition to the second.
  withTwo({ heartbeatMs: 600_000 }, async (sleeper, other) => {
    await sleeper.publish(alerts);
    const asleep = Promise.withResolvers<void>();
    const wake = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<unknown>();
    const zombie = sleeper.subscribe({
      group: 'g',
      topics: ['alerts'],
      run: async (assignment) => {
        if (assignment.partition !== partition) return untilRevoked(assignment);
        const records = await assignment.poll(generous);
        asleep.resolve();
        await wake.promise;
        expect(assignment.signal.aborted).toBe(false);
        const commit = assignment.commit({ records: [count('zombie')], positions: positionsAfter(records) });
        await commit.then(() => outcome.resolve('committed'), outcome.resolve);
        await untilRevoked(assignment);
      },
    });
    await asleep.promise;
    const taken = Promise.withResolvers<readonly string[]>();
    const finish = Promise.withResolvers<void>();
    const holder = other.subscribe({
      group: 'g',
      topics: ['alerts'],
      run: async (assignment) => {
        if (assignment.partition !== partition) return untilRevoked(assignment);
        const records = await assignment.poll(generous);
        taken.resolve(records.map((one) => textOf(one) ?? ''));
        await finish.promise;
        await assignment.commit({ records: [count('holder')], positions: positionsAfter(records) });
        await untilRevoked(assignment);
      },
    });
    expect(await taken.promise).toEqual(['0', '1', '2']);
    wake.resolve();
    expect(await outcome.promise).toMatchObject({ code: 'BUS_FENCED', kind: 'permanent' });
    expect(await other.committed('g', 'alerts')).toEqual([]);
    expect(await readAll(other, 'journal')).toEqual([]);
    finish.resolve();
    for (let found = 0; found === 0; ) found = (await other.committed('g', 'alerts')).length;
    expect((await readAll(other, 'journal')).map(textOf)).toEqual(['holder']);
    expect(await other.committed('g', 'alerts')).toEqual([{ topic: 'alerts', partition, offset: 3n }]);
    await Promise.all([zombie.stop(), holder.stop()]);
  }));

test('a transaction that a killed holder left open is ended by the next holder at once, not by its timeout', () =>
  withTwo({ transactionTimeoutMs: 600_000 }, async (bus, other, options) => {
    await bus.publish(alerts);
    const transactionalId = new Names(options.config.topicPrefix).transactionalId('g', partition);
    const killed = await openTransaction(options, transactionalId, [count('half done')]);
    killed.close();
    await onAssignment(other, { group: 'g', topics: ['alerts'], partition }, async (assignment) => {
      const records = await assignment.poll(generous);
      await assignment.commit({ records: [count('done')], positions: positionsAfter(records) });
    });
    expect((await readAll(other, 'journal')).map(textOf)).toEqual(['done']);
  }));

test('a handler slower than the session timeout keeps its partition', () =>
  withTwo({}, async (bus) => {
    await bus.publish(alerts);
    const done = Promise.withResolvers<void>();
    const run = async (assignment: PartitionAssignment) => {
      if (assignment.partition === partition && (await assignment.poll({ ...generous, waitMs: 1_000 })).length > 0) {
        await sleep(3 * sessionTimeoutMs, assignment.signal);
        expect(assignment.signal.aborted).toBe(false);
        await assignment.commit({ records: [count('slow')], positions: [{ topic: 'alerts', partition, offset: 3n }] });
        done.resolve();
      }
      await untilRevoked(assignment);
    };
    const slow = bus.subscribe({ group: 'g', topics: ['alerts'], run });
    await done.promise;
    expect((await readAll(bus, 'journal')).map(textOf)).toEqual(['slow']);
    await slow.stop();
  }));

test('an assignment that stays with its holder is not interrupted when others join and leave', () =>
  withTwo({}, async (bus, other) => {
    const runs: number[] = [];
    const first = bus.subscribe({
      group: 'g',
      topics: ['alerts'],
      run: async (assignment) => {
        runs.push(assignment.partition);
        both.check();
        await untilRevoked(assignment);
      },
    });
    let both = until(() => runs.length === 2);
    await both.reached;
    const moved = Promise.withResolvers<number>();
    const second = other.subscribe({
      group: 'g',
      topics: ['alerts'],
      run: async (assignment) => {
        moved.resolve(assignment.partition);
        await untilRevoked(assignment);
      },
    });
    const movedPartition = await moved.promise;
    both = until(() => runs.length === 3);
    await second.stop();
    await both.reached;
    expect(runs.at(-1)).toBe(movedPartition);
    await first.stop();
  }));
