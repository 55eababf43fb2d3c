import { sleep } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { numbered, readAll, record, textOf } from '../../contract/harness.ts';
import type { LogRecord } from '../port.ts';
import { createKafkaBus, type KafkaBus } from './index.ts';
import { removeTopics, testOptions } from './testing/under-test.ts';

/** The broker cleans when it wants to, so the test checks repeatedly until its timeout. */
async function eventually(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await sleep(200);
}

async function withTopicSettings(
  topicSettings: Readonly<Record<string, string>>,
  work: (bus: KafkaBus) => Promise<void>,
): Promise<void> {
  const options = testOptions({ topicSettings });
  const { value, stop } = await createKafkaBus(options).start();
  try {
    await work(value);
  } finally {
    await stop();
    await removeTopics(options);
  }
}

const texts = (records: readonly LogRecord[]) => records.map(textOf);
/** So small that each batch gets a segment of its own, which compaction and retention may clean. */
const smallSegments = { 'segment.bytes': String(1024 * 1024), 'segment.ms': '100' };

test(
  'compaction keeps the last record of each key and drops tombstones in time; positions and the end stay',
  () =>
    withTopicSettings(
      { ...smallSegments, 'delete.retention.ms': '100', 'max.compaction.lag.ms': '200' },
      async (bus) => {
        const partition = bus.partitionOf('state', 'a');
        const own = (text: string | null, key: string) => ({ ...record('state', key, text ?? ''), partition });
        await bus.publish(numbered('state', ['a'], 300));
        await bus.publish([{ ...own(null, 'a'), value: null }, own('kept', 'b')]);
        const newest = async () => {
          // Each is a transaction in a segment of its own, so that older ones may be compacted.
          await bus.publish([own('newest', 'c'), record('ledger', 'l', 'x')]);
          return (await bus.offsets('state'))[partition]?.next;
        };
        await eventually(async () => {
          await newest();
          const kept = await readAll(bus, 'state');
          return !kept.some(({ key }) => key === 'a') && kept.length < 5;
        });
        const end = await newest();
        const kept = texts(await readAll(bus, 'state'));
        expect(new Set(kept)).toEqual(new Set(['kept', 'newest']));
        expect((await bus.offsets('state'))[partition]?.next).toBe(end);
        // A follower that starts now reads batches without records.
        const ending = new AbortController();
        let last: string | null = null;
        for await (const given of bus.follow('state', ending.signal)) {
          if ('caughtUp' in given) ending.abort();
          else last = textOf(given);
        }
        expect(last).toBe('newest');
      },
    ),
  45_000,
);

test(
  'retention drops old records and moves the first offset; a group that is behind continues with what is left',
  () =>
    withTopicSettings({ ...smallSegments, 'retention.ms': '500' }, async (bus) => {
      await bus.publish(numbered('alerts', ['k'], 20));
      const partition = bus.partitionOf('alerts', 'k');
      const end = (await bus.offsets('alerts'))[partition]?.next ?? 0n;
      await eventually(async () => ((await bus.offsets('alerts'))[partition]?.first ?? 0n) >= end);
      await bus.publish([record('alerts', 'k', 'young')]);
      const subscription = Promise.withResolvers<readonly (string | null)[]>();
      const late = bus.subscribe({
        group: 'late',
        topics: ['alerts'],
        run: async (assignment) => {
          while (!assignment.signal.aborted) {
            const records = await assignment.poll({ maxRecords: 100, maxBytes: 100_000, waitMs: 1_000 });
            if (records.length > 0) subscription.resolve(texts(records));
          }
        },
      });
      expect(await subscription.promise).toEqual(['young']);
      await late.stop();
    }),
  45_000,
);
