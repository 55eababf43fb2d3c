import { expect, test } from 'vitest';
import type { LogRecord } from '../src/port.ts';
import {
  type Capability,
  consume,
  numbered,
  onAssignment,
  positionsAfter,
  readAll,
  record,
  textOf,
  until,
  type WithBus,
} from './harness.ts';

const day = 86_400_000;

/** Restarts, compaction, retention, and following a compacted topic. */
export function retentionContract(withBus: WithBus, skip: readonly Capability[]): void {
  followContract(withBus);
  if (!skip.includes('maintenance')) maintenanceContract(withBus);
  if (!skip.includes('restart')) restartContract(withBus);
}

function followContract(withBus: WithBus): void {
  test(
    'following yields existing records, then CaughtUp once, then new records, until aborted',
    withBus(async ({ bus }) => {
      const keys = ['a', 'b', 'c', 'd'];
      await bus.publish(numbered('incidents', keys, 40));
      const ending = new AbortController();
      const before: LogRecord[] = [];
      const after: LogRecord[] = [];
      let caughtUp = 0;
      for await (const given of bus.follow('incidents', ending.signal)) {
        if ('caughtUp' in given) {
          caughtUp += 1;
          await bus.publish(keys.map((key) => record('incidents', key, 'live')));
          await bus.publish([{ topic: 'incidents', key: 'a', value: null }]);
          continue;
        }
        (caughtUp > 0 ? after : before).push(given);
        if (after.length === 5) ending.abort();
      }
      expect(caughtUp).toBe(1);
      expect(before).toHaveLength(40);
      expect(after.map(({ key }) => key).sort()).toEqual(['a', 'a', 'b', 'c', 'd']);
      expect(after.filter(({ key }) => key === 'a').map(textOf)).toEqual(['live', null]);
    }),
  );

  test(
    'following an empty topic catches up at once, and a waiting follower ends when aborted',
    withBus(async ({ bus }) => {
      const ending = new AbortController();
      const given: unknown[] = [];
      const idle = until(() => given.length > 0);
      const following = (async () => {
        for await (const one of bus.follow('state', ending.signal)) {
          given.push(one);
          idle.check();
        }
      })();
      await idle.reached;
      ending.abort();
      await following;
      expect(given).toEqual([{ caughtUp: true }]);
    }),
  );
}

function maintenanceContract(withBus: WithBus): void {
  test(
    'compaction keeps the last record of each key, and offsets do not restart',
    withBus(async ({ bus, maintainAfter }) => {
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await bus.publish(numbered('state', keys, 1_500));
      await bus.publish([{ topic: 'state', key: 'gone', value: null }]);
      const ends = await bus.offsets('state');
      await maintainAfter(10 * 60_000);
      const kept = await readAll(bus, 'state');
      for (const [index, key] of keys.entries())
        expect(
          kept
            .filter((found) => found.key === key)
            .map(textOf)
            .at(-1),
        ).toBe(String(1_495 + index));
      expect(kept.length).toBeLessThan(100);
      expect(kept.filter(({ key }) => key === 'gone').map(textOf)).toEqual([null]);
      expect((await bus.offsets('state')).map(({ next }) => next)).toEqual(ends.map(({ next }) => next));
    }),
  );

  test(
    'a tombstone removes its key, and is removed itself later',
    withBus(async ({ bus, maintainAfter }) => {
      await bus.publish([record('state', 'a', 'old'), { topic: 'state', key: 'a', value: null }]);
      // A later record of another key in the same partition, because the newest record of a partition always stays.
      await bus.publish([{ ...record('state', 'z', 'newest'), partition: bus.partitionOf('state', 'a') }]);
      await maintainAfter(2 * day);
      await maintainAfter(0);
      expect((await readAll(bus, 'state')).map(textOf)).toEqual(['newest']);
    }),
  );

  test.each(['alerts', 'spans'] as const)(
    'retention drops old records of %s and moves the first offset; a group that is behind continues with what is left',
    (topic) =>
      withBus(async ({ bus, maintainAfter }) => {
        await bus.publish(numbered(topic, ['k'], 20));
        const partition = bus.partitionOf(topic, 'k');
        const end = (await bus.offsets(topic))[partition]?.next ?? 0n;
        await maintainAfter(8 * day);
        await bus.publish([record(topic, 'k', 'young')]);
        await maintainAfter(0);
        const kept = await readAll(bus, topic);
        expect(kept.length).toBeLessThan(20);
        expect(textOf(kept.at(-1) as LogRecord)).toBe('young');
        expect(kept.at(-1)?.offset).toBeGreaterThanOrEqual(end);
        expect((await bus.offsets(topic))[partition]?.first).toBeGreaterThan(0n);
        const seen = await consume(bus, { group: 'late', topics: [topic], count: kept.length });
        expect(seen.map(textOf)).toEqual(kept.map(textOf));
      })(),
  );
}

function restartContract(withBus: WithBus): void {
  test(
    'after a restart the records, offsets and positions are as before, and a group continues where it was',
    withBus(async ({ bus, restart }) => {
      const topics = ['spans', 'logs'] as const;
      await bus.publish(topics.flatMap((topic) => numbered(topic, ['k'], 10)));
      const partition = bus.partitionOf('spans', 'k');
      const assignment = { group: 'g', topics, partition };
      await onAssignment(bus, assignment, async (held) => {
        const records = await held.poll({ maxRecords: 4, maxBytes: 1_000_000, waitMs: 5_000 });
        await held.commit({ records: [record('recorder-progress', 'n', 'note')], positions: positionsAfter(records) });
      });
      const before = await readAll(bus, 'spans');
      const positions = await bus.committed('g', 'spans');
      const offsets = await bus.offsets('logs');

      const reopened = await restart();
      expect(await readAll(reopened, 'spans')).toEqual(before);
      expect(await reopened.committed('g', 'spans')).toEqual(positions);
      expect(await reopened.offsets('logs')).toEqual(offsets);
      expect((await readAll(reopened, 'recorder-progress')).map(textOf)).toEqual(['note']);
      const rest = await consume(reopened, { group: 'g', topics, count: 16 });
      expect(rest).toHaveLength(16);
      await reopened.publish([record('spans', 'k', 'more')]);
      expect((await readAll(reopened, 'spans')).at(-1)?.offset).toBeGreaterThan(before.at(-1)?.offset ?? 0n);
    }),
  );
}
