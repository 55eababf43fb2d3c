import { expect, test } from 'vitest';
import type { LogRecord } from '../src/port.ts';
import {
  bytes,
  consume,
  generous,
  numbered,
  onAssignment,
  positionsAfter,
  readAll,
  record,
  textOf,
  type WithBus,
} from './harness.ts';

/** Polling, committed positions and atomic commits of one partition. */
export function assignmentContract(withBus: WithBus): void {
  test(
    'a group sees every record once, in order within a partition, and groups are independent',
    withBus(async ({ bus }) => {
      const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
      await bus.publish(numbered('alerts', keys, 120));
      for (const group of ['one', 'two']) {
        const seen = await consume(bus, { group, topics: ['alerts'], count: 120 });
        expect(seen).toHaveLength(120);
        for (const [index, key] of keys.entries())
          expect(seen.filter((found) => found.key === key).map(textOf)).toEqual(
            Array.from({ length: 20 }, (_, turn) => String(turn * keys.length + index)),
          );
      }
    }),
  );

  test(
    'one assignment covers the same partition of each of its topics',
    withBus(async ({ bus }) => {
      const topics = ['alerts', 'changes', 'commands'] as const;
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await bus.publish(topics.flatMap((topic) => keys.map((key) => record(topic, key, `${topic} ${key}`))));
      const seen = await consume(bus, { group: 'g', topics, count: 15 });
      expect(seen.map(textOf).sort()).toEqual(topics.flatMap((topic) => keys.map((key) => `${topic} ${key}`)).sort());
      for (const { key, partition } of seen) expect(partition).toBe(bus.partitionOf('alerts', key));
    }),
  );

  test(
    'poll stays within its limits, yet returns one record however large, and a busy topic does not starve another',
    withBus(async ({ bus }) => {
      const big = { topic: 'alerts', key: 'k', value: new Uint8Array(50_000) } as const;
      await bus.publish([...numbered('alerts', ['k'], 100), big, big, big, ...numbered('changes', ['k'], 5)]);
      const assignment = {
        group: 'g',
        topics: ['alerts', 'changes'],
        partition: bus.partitionOf('alerts', 'k'),
      } as const;
      const polls = await onAssignment(bus, assignment, async (held) => {
        const batches: (readonly LogRecord[])[] = [];
        for (let left = 108; left > 0; left -= batches.at(-1)?.length ?? 0)
          batches.push(await held.poll({ maxRecords: 10, maxBytes: 2_000, waitMs: 5_000 }));
        return batches;
      });
      for (const batch of polls) {
        expect(batch.length).toBeLessThanOrEqual(10);
        const size = batch.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        expect(size <= 2_000 || batch.length === 1).toBe(true);
      }
      const alerts = polls.flat().filter(({ topic }) => topic === 'alerts');
      expect(alerts.slice(0, 100).map(textOf)).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
      expect(
        polls
          .slice(0, 3)
          .flat()
          .some(({ topic }) => topic === 'changes'),
      ).toBe(true);
    }),
  );

  test(
    'poll returns nothing after its wait, wakes for a record, and returns at once when the subscription stops',
    withBus(async ({ bus }) => {
      const assignment = { group: 'g', topics: ['alerts'], partition: bus.partitionOf('alerts', 'k') } as const;
      await onAssignment(bus, assignment, async (held) => {
        expect(await held.poll({ ...generous, waitMs: 1 })).toEqual([]);
        const waiting = held.poll({ ...generous, waitMs: 60_000 });
        await bus.publish([record('alerts', 'k', 'here')]);
        expect((await waiting).map(textOf)).toEqual(['here']);
      });
      let polling: Promise<readonly LogRecord[]> | undefined;
      await onAssignment(bus, { ...assignment, group: 'h' }, async (held) => {
        await held.poll(generous);
        polling = held.poll({ ...generous, waitMs: 60_000 });
      });
      expect(await polling).toEqual([]);
    }),
  );

  test(
    'a group continues where it committed; what it did not commit is read again',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('alerts', ['k'], 10));
      const partition = bus.partitionOf('alerts', 'k');
      const assignment = { group: 'g', topics: ['alerts'], partition } as const;
      expect(await bus.committed('g', 'alerts')).toEqual([]);
      const position = await onAssignment(bus, assignment, async (held) => {
        expect(await held.committed('alerts')).toBe((await bus.offsets('alerts'))[partition]?.first);
        const records = await held.poll(generous);
        const [done] = positionsAfter(records.slice(0, 4));
        if (done === undefined) throw new Error('nothing polled');
        await held.commit({ records: [], positions: [done] });
        expect(await held.committed('alerts')).toBe(done.offset);
        return done;
      });
      expect(await bus.committed('g', 'alerts')).toEqual([position]);
      const again = await onAssignment(bus, assignment, (held) => held.poll(generous));
      expect(again.map(textOf)).toEqual(['4', '5', '6', '7', '8', '9']);
    }),
  );

  test(
    'a commit writes records and positions together, to any topics',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('spans', ['k'], 3));
      const partition = bus.partitionOf('spans', 'k');
      const positions = await onAssignment(bus, { group: 'g', topics: ['spans'], partition }, async (held) => {
        const done = positionsAfter(await held.poll(generous));
        const records = [
          record('recorder-progress', 'note', 'note'),
          record('ledger', 'l', 'total'),
          record('logs', 'x', 'log'),
        ];
        await held.commit({ records, positions: done });
        return done;
      });
      expect(await bus.committed('g', 'spans')).toEqual(positions);
      expect((await readAll(bus, 'recorder-progress')).map(textOf)).toEqual(['note']);
      expect((await readAll(bus, 'ledger')).map(textOf)).toEqual(['total']);
      expect((await readAll(bus, 'logs')).map(textOf)).toEqual(['log']);
    }),
  );

  test(
    'a commit that fails writes nothing',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('alerts', ['k'], 3));
      const partition = bus.partitionOf('alerts', 'k');
      await onAssignment(bus, { group: 'g', topics: ['alerts'], partition }, async (held) => {
        const positions = positionsAfter(await held.poll(generous));
        const large = { topic: 'journal', key: 'k', value: new Uint8Array(bus.maxRecordBytes + 1) } as const;
        const commit = held.commit({ records: [record('journal', 'k', 'one'), large], positions });
        await expect(commit).rejects.toMatchObject({ code: 'BUS_RECORD_TOO_LARGE' });
        const elsewhere = [{ topic: 'changes', partition, offset: 1n }] as const;
        await expect(
          held.commit({ records: [record('journal', 'k', 'two')], positions: elsewhere }),
        ).rejects.toMatchObject({
          code: 'BUS_BAD_COMMIT',
        });
      });
      expect(await readAll(bus, 'journal')).toEqual([]);
      expect(await bus.committed('g', 'alerts')).toEqual([]);
    }),
  );

  test(
    'a slow reader gets more only when it polls: memory is bounded by the limits of poll',
    withBus(async ({ bus }) => {
      const value = bytes('x'.repeat(1_000));
      await bus.publish(Array.from({ length: 500 }, () => ({ topic: 'spans', key: 'k', value }) as const));
      const assignment = { group: 'g', topics: ['spans'], partition: bus.partitionOf('spans', 'k') } as const;
      const sizes = await onAssignment(bus, assignment, async (held) => {
        const counts: number[] = [];
        for (let seen = 0; seen < 500; seen += counts.at(-1) ?? 0)
          counts.push((await held.poll({ maxRecords: 1_000, maxBytes: 20_000, waitMs: 5_000 })).length);
        return counts;
      });
      expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
    }),
  );
}
