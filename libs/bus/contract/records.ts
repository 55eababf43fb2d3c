import { AppError } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { partitionOfKey } from '../src/murmur2.ts';
import { bytes, numbered, readAll, record, textOf, type WithBus } from './harness.ts';

/** Publishing and reading, outside any group. */
export function recordContract(withBus: WithBus): void {
  test(
    'a record is read as it was published: key, headers, bytes, empty and null values',
    withBus(async ({ bus }) => {
      const headers = { source: 'test', text: 'zwölf "quoted"' };
      const every = Uint8Array.from({ length: 256 }, (_, index) => index);
      await bus.publish([
        { topic: 'alerts', key: 'k', value: every, headers },
        { topic: 'alerts', key: 'k', value: new Uint8Array(0) },
        { topic: 'alerts', key: 'k', value: null },
      ]);
      const found = await readAll(bus, 'alerts');
      expect(found.map(({ key }) => key)).toEqual(['k', 'k', 'k']);
      expect(found.map(({ value }) => value && [...value])).toEqual([[...every], [], null]);
      expect(found.map((one) => one.headers)).toEqual([headers, {}, {}]);
    }),
  );

  test(
    'a value may change after publish resolves, and of a view into a larger buffer only the view is written',
    withBus(async ({ bus }) => {
      const buffer = bytes('xxhelloxx');
      await bus.publish([{ topic: 'alerts', key: 'k', value: buffer.subarray(2, 7) }]);
      buffer.fill(0);
      expect((await readAll(bus, 'alerts')).map(textOf)).toEqual(['hello']);
    }),
  );

  test(
    'order within a partition is the order of publishing; offsets rise, times never fall',
    withBus(async ({ bus }) => {
      await Promise.all([0, 1, 2].map((round) => bus.publish(numbered('alerts', [`key${round}`], 100))));
      const found = await readAll(bus, 'alerts');
      for (const round of [0, 1, 2])
        expect(found.filter(({ key }) => key === `key${round}`).map(textOf)).toEqual(
          numbered('alerts', [''], 100).map((_, i) => `${i}`),
        );
      for (const [index, one] of found.entries()) {
        const before = found[index - 1];
        if (before?.partition !== one.partition) continue;
        expect(one.offset).toBeGreaterThan(before.offset);
        expect(one.timestampMs).toBeGreaterThanOrEqual(before.timestampMs);
      }
    }),
  );

  test(
    'a key decides the partition, by murmur2, unless a partition is named',
    withBus(async ({ bus }) => {
      const keys = Array.from({ length: 40 }, (_, index) => `tenant/env-${index}`);
      const topics = ['alerts', 'changes', 'commands', 'spans'] as const;
      await bus.publish(topics.flatMap((topic) => keys.map((key) => record(topic, key, key))));
      for (const topic of topics) {
        const found = await readAll(bus, topic);
        expect(found).toHaveLength(keys.length);
        for (const { key, partition } of found) {
          expect(partition).toBe(partitionOfKey(key, bus.partitionCount(topic)));
          expect(bus.partitionOf(topic, key)).toBe(partition);
        }
        expect(new Set(found.map(({ partition }) => partition)).size).toBe(bus.partitionCount(topic));
      }
      await bus.publish([{ ...record('journal', 'any', 'named'), partition: 1 }]);
      expect((await readAll(bus, 'journal')).map(({ partition }) => partition)).toEqual([1]);
    }),
  );

  test(
    'a record at the limit is written; one over it is refused, and nothing published with it is written',
    withBus(async ({ bus }) => {
      const value = new Uint8Array(bus.maxRecordBytes - 200).map((_, index) => index % 251);
      await bus.publish([{ topic: 'spans', key: 'big', value }]);
      const [found] = await readAll(bus, 'spans');
      expect(Buffer.compare(found?.value ?? new Uint8Array(0), value)).toBe(0);

      const large = { topic: 'alerts', key: 'large', value: new Uint8Array(bus.maxRecordBytes + 1) } as const;
      const error = await bus.publish([record('alerts', 'small', 'small'), large]).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'BUS_RECORD_TOO_LARGE', kind: 'permanent' });
      expect(await readAll(bus, 'alerts')).toEqual([]);
    }),
  );

  test(
    'one call can write to any topics, telemetry and others',
    withBus(async ({ bus }) => {
      const topics = ['spans', 'logs', 'metrics', 'ledger', 'dead-letters'] as const;
      await bus.publish(topics.map((topic) => record(topic, 'k', topic)));
      for (const topic of topics) expect((await readAll(bus, topic)).map(textOf)).toEqual([topic]);
    }),
  );

  test(
    'a read returns a range, up to the end when it began, while others write',
    withBus(async ({ bus }) => {
      await bus.publish(numbered('spans', ['k'], 1_500));
      const partition = bus.partitionOf('spans', 'k');
      const all = await readAll(bus, 'spans');
      const [from, to] = [all[700]?.offset ?? 0n, all[710]?.offset ?? 0n];
      const part: (string | null)[] = [];
      for await (const found of bus.read({ topic: 'spans', partition, from, to })) part.push(textOf(found));
      expect(part).toEqual(['700', '701', '702', '703', '704', '705', '706', '707', '708', '709']);

      const seen: (string | null)[] = [];
      for await (const found of bus.read({ topic: 'spans', partition, from: 0n })) {
        if (seen.length % 300 === 0) await bus.publish([record('spans', 'k', 'later')]);
        seen.push(textOf(found));
      }
      expect(seen).toEqual(Array.from({ length: 1_500 }, (_, index) => String(index)));
    }),
  );

  test(
    'offsets returns where each partition begins and ends',
    withBus(async ({ bus }) => {
      const before = await bus.offsets('alerts');
      expect(before).toHaveLength(bus.partitionCount('alerts'));
      for (const { first, next } of before) expect(next).toBe(first);
      await bus.publish(numbered('alerts', ['k'], 3));
      const partition = bus.partitionOf('alerts', 'k');
      const last = (await readAll(bus, 'alerts')).at(-1);
      const after = (await bus.offsets('alerts'))[partition];
      expect(after?.next).toBeGreaterThan(last?.offset ?? 0n);
      expect(after?.partition).toBe(partition);
      await bus.ping();
    }),
  );
}
