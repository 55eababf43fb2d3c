import { AppError } from '@faultline/runtime';
import { expect, test } from 'vitest';
import type { PartitionAssignment } from '../src/port.ts';
import {
  committing,
  generous,
  numbered,
  onAssignment,
  positionsAfter,
  readAll,
  record,
  textOf,
  until,
  untilRevoked,
  type WithBus,
} from './harness.ts';

/** Rebalancing, revoking and failing of partitions. */
export function groupContract(withBus: WithBus): void {
  test(
    'two subscriptions of a group share the partitions; when one stops, the other continues at its committed positions',
    withBus(async ({ bus }) => {
      const keys = Array.from({ length: 32 }, (_, index) => `key-${index}`);
      const seen = { first: new Set<string>(), second: new Set<string>() };
      const partitions = { first: new Set<number>(), second: new Set<number>() };
      const subscribe = (name: 'first' | 'second') => {
        const run = committing((records) => {
          for (const found of records) seen[name].add(`${found.partition}/${found.offset}`);
          all.check();
        });
        return bus.subscribe({
          group: 'g',
          topics: ['alerts'],
          run: async (assignment) => {
            partitions[name].add(assignment.partition);
            shared.check();
            await run(assignment);
            partitions[name].delete(assignment.partition);
          },
        });
      };
      let wanted = keys.length;
      const count = bus.partitionCount('alerts');
      let shared = until(
        () =>
          partitions.first.size > 0 &&
          partitions.second.size > 0 &&
          partitions.first.size + partitions.second.size === count,
      );
      let all = until(() => seen.first.size + seen.second.size >= wanted);
      const first = subscribe('first');
      const second = subscribe('second');
      await shared.reached;
      expect([...partitions.first].filter((assignment) => partitions.second.has(assignment))).toEqual([]);

      await bus.publish(keys.map((key) => record('alerts', key, 'a')));
      await all.reached;
      expect(seen.first.size).toBeGreaterThan(0);
      expect(seen.second.size).toBeGreaterThan(0);

      shared = until(() => partitions.second.size === count);
      await first.stop();
      await shared.reached;
      wanted = keys.length * 2;
      all = until(() => seen.first.size + seen.second.size >= wanted);
      await bus.publish(keys.map((key) => record('alerts', key, 'b')));
      await all.reached;
      expect([...seen.first].filter((one) => seen.second.has(one))).toEqual([]);
      await second.stop();
    }),
  );

  test(
    'a revoked assignment cannot commit: nothing is written and the next holder reads its records',
    withBus(async ({ bus }) => {
      const count = bus.partitionCount('alerts');
      await bus.publish(
        Array.from({ length: count }, (_, partition) => ({ ...record('alerts', 'k', 'r'), partition })),
      );
      const refusals: unknown[] = [];
      let polled = 0;
      const allPolled = until(() => polled === count);
      const taken = until(() => takenBySecond.size > 0);
      const takenBySecond = new Set<number>();
      const holding = async (assignment: PartitionAssignment) => {
        const records = await assignment.poll(generous);
        polled += records.length;
        allPolled.check();
        await untilRevoked(assignment);
        const commit = assignment.commit({
          records: [record('journal', 'k', 'late')],
          positions: positionsAfter(records),
        });
        refusals.push(await commit.then(() => 'committed').catch((error: unknown) => error));
      };
      const first = bus.subscribe({ group: 'g', topics: ['alerts'], run: holding });
      await allPolled.reached;
      const second = bus.subscribe({
        group: 'g',
        topics: ['alerts'],
        run: committing((records, assignment) => {
          if (records.length > 0) takenBySecond.add(assignment.partition);
          taken.check();
        }),
      });
      await taken.reached;
      await first.stop();
      await second.stop();
      expect(refusals).toHaveLength(count);
      for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'BUS_FENCED', kind: 'permanent' });
      expect(await readAll(bus, 'journal')).toEqual([]);
    }),
  );

  test.each([0, 1, 2, 3])(
    'a commit under way when its partition is revoked (after %i turns) is complete before the next holder begins, or refused',
    (turns) =>
      withBus(async ({ bus }) => {
        await bus.publish(numbered('alerts', ['k'], 3));
        const partition = bus.partitionOf('alerts', 'k');
        const under = Promise.withResolvers<{ readonly outcome: Promise<unknown> }>();
        const first = bus.subscribe({
          group: 'g',
          topics: ['alerts'],
          run: async (assignment) => {
            if (assignment.partition === partition) {
              const positions = positionsAfter(await assignment.poll(generous));
              const commit = assignment.commit({ records: [record('journal', 'k', 'done')], positions });
              under.resolve({ outcome: commit.then(() => 'committed').catch(() => 'refused') });
            }
            await untilRevoked(assignment);
          },
        });
        const { outcome } = await under.promise;
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        const stopped = first.stop();
        const seeing = onAssignment(bus, { group: 'g', topics: ['alerts'], partition }, (held) => held.poll(generous));
        await bus.publish([record('alerts', 'k', 'after')]);
        const [next] = await seeing;
        await stopped;
        const committed = (await outcome) === 'committed';
        expect(next && textOf(next)).toBe(committed ? 'after' : '0');
        expect(await readAll(bus, 'journal')).toHaveLength(committed ? 1 : 0);
      })(),
  );

  test(
    'a loop that throws restarts at the committed position; transient errors never end it, and its old assignment is fenced',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('alerts', ['k'], 3));
      const partition = bus.partitionOf('alerts', 'k');
      const batches: number[] = [];
      const former: PartitionAssignment[] = [];
      const enough = until(() => batches.length === 8);
      const run = async (assignment: PartitionAssignment) => {
        if (assignment.partition !== partition) return untilRevoked(assignment);
        batches.push((await assignment.poll(generous)).length);
        former.push(assignment);
        enough.check();
        throw new AppError('TEST_BUSY', 'try again', { kind: 'transient' });
      };
      const subscription = bus.subscribe({ group: 'g', topics: ['alerts'], run });
      await enough.reached;
      await expect(former[0]?.commit({ records: [], positions: [] })).rejects.toMatchObject({ code: 'BUS_FENCED' });
      await subscription.stop();
      await subscription.done;
      expect(batches.slice(0, 8)).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
    }),
  );

  test(
    'a loop that keeps failing with a permanent error ends its subscription with that error',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('alerts', ['k'], 1));
      let runs = 0;
      const partition = bus.partitionOf('alerts', 'k');
      const run = async (assignment: PartitionAssignment) => {
        if (assignment.partition !== partition) return untilRevoked(assignment);
        runs += 1;
        throw new TypeError('a bug');
      };
      const subscription = bus.subscribe({ group: 'g', topics: ['alerts'], run });
      await expect(subscription.done).rejects.toThrow('a bug');
      expect(runs).toBeGreaterThan(1);
      await subscription.stop();
    }),
  );

  test(
    'stopping is safe twice and at any time, ends every loop, and then `done` resolves',
    withBus(async ({ bus }) => {
      let running = 0;
      const started = until(() => running === bus.partitionCount('alerts'));
      const run = async (assignment: PartitionAssignment) => {
        running += 1;
        started.check();
        await assignment.poll({ ...generous, waitMs: 60_000 });
        running -= 1;
      };
      const subscription = bus.subscribe({ group: 'g', topics: ['alerts'], run });
      await started.reached;
      await Promise.all([subscription.stop(), subscription.stop()]);
      await subscription.stop();
      await subscription.done;
      expect(running).toBe(0);
      const never = bus.subscribe({ group: 'g', topics: ['alerts'], run });
      await never.stop();
      expect(running).toBe(0);
    }),
  );

  test(
    'topics with different partition counts, and a group with different topic lists, are refused',
    withBus(async ({ bus }) => {
      const run = untilRevoked;
      expect(() => bus.subscribe({ group: 'g', topics: ['alerts', 'ledger'], run })).toThrow(
        expect.objectContaining({ code: 'BUS_BAD_SUBSCRIPTION' }),
      );
      const subscription = bus.subscribe({ group: 'g', topics: ['alerts', 'changes'], run });
      expect(() => bus.subscribe({ group: 'g', topics: ['alerts'], run })).toThrow(
        expect.objectContaining({ code: 'BUS_BAD_SUBSCRIPTION' }),
      );
      await subscription.stop();
    }),
  );

  test(
    'positions of topics and groups are separate',
    withBus(async ({ bus }) => {
      await bus.publish([...numbered('alerts', ['k'], 2), ...numbered('changes', ['k'], 3)]);
      const assignment = { topics: ['alerts', 'changes'], partition: bus.partitionOf('alerts', 'k') } as const;
      await onAssignment(bus, { ...assignment, group: 'g' }, async (held) => {
        let seen = 0;
        while (seen < 5) {
          const records = await held.poll(generous);
          seen += records.length;
          await held.commit({ records: [], positions: positionsAfter(records) });
        }
      });
      expect(await bus.committed('g', 'alerts')).toHaveLength(1);
      expect(await bus.committed('g', 'changes')).toHaveLength(1);
      expect(await bus.committed('h', 'alerts')).toEqual([]);
    }),
  );
}
