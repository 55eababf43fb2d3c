import { startKafka } from '@faultline/servers';
import { expect, test } from 'vitest';
import { positionsAfter, readAll, record, textOf } from '../../contract/harness.ts';
import type { PartitionAssignment } from '../port.ts';
import { Client } from './client.ts';
import { createKafkaBus } from './index.ts';
import { Names } from './names.ts';
import { clientSettings } from './settings.ts';
import { testOptions } from './testing/under-test.ts';

const partition = 0;
const quick = { requestTimeoutMs: 2_000, connectTimeoutMs: 1_000, retryBudgetMs: 4_000, transactionTimeoutMs: 10_000 };
/** The retry budget, its last request, and what two busy cores add. */
const longestPublishMs = 15_000;
const total = 400;

/** Copies each alert to the journal once: positions and copies in one commit. */
async function copy(assignment: PartitionAssignment): Promise<void> {
  while (!assignment.signal.aborted) {
    const records = await assignment.poll({ maxRecords: 20, maxBytes: 100_000, waitMs: 1_000 });
    const copies = records.map((one) => ({
      ...record('journal', 'k', textOf(one) ?? ''),
      partition: assignment.partition,
    }));
    if (records.length > 0) await assignment.commit({ records: copies, positions: positionsAfter(records) });
  }
}

test('the leader of three brokers is killed: publishing stalls for a bounded time, and every record is handled once', async () => {
  const kafka = await startKafka({ brokers: 3 });
  const options = testOptions({
    ...quick,
    brokers: kafka.bootstrap.split(','),
    replicationFactor: 3,
    minInSyncReplicas: 2,
  });
  const { value: bus, stop } = await createKafkaBus(options).start();
  try {
    const names = new Names(options.config.topicPrefix);
    const client = new Client(clientSettings(options.config, options.logger), [names.topic('alerts')]);
    const leader = await client.leader(names.topic('alerts'), partition);
    client.close();
    const subscription = bus.subscribe({ group: 'g', topics: ['alerts'], run: copy });
    let refused = 0;
    let longestMs = 0;
    const publish = async (text: string): Promise<void> => {
      const beganMs = performance.now();
      const outcome = await bus
        .publish([{ ...record('alerts', 'k', text), partition }])
        .catch((error: unknown) => error);
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      if (outcome === undefined) return;
      expect(outcome).toMatchObject({ code: 'BUS_UNAVAILABLE', kind: 'transient' });
      refused += 1;
      // Only the response may have been lost, so the repeat gets a key of its own.
      await publish(`${text}'`);
    };
    for (let index = 0; index < total; index += 1) {
      if (index === total / 4) await kafka.brokers.find(({ id }) => id === leader)?.kill();
      await publish(String(index));
    }
    const published = (await readAll(bus, 'alerts')).map(textOf);
    expect(longestMs).toBeLessThan(longestPublishMs);
    expect(new Set(published).size).toBe(published.length);
    expect(new Set(published.map((text) => text?.replaceAll("'", ''))).size).toBe(total);
    expect(published.length).toBeLessThanOrEqual(total + refused);
    const end = (await bus.offsets('alerts'))[partition]?.next;
    for (let at: bigint | undefined = -1n; at !== end; )
      at = (await bus.committed('g', 'alerts')).find((position) => position.partition === partition)?.offset;
    expect((await readAll(bus, 'journal')).map(textOf)).toEqual(published);
    console.log(JSON.stringify({ longestMs: Math.round(longestMs), refused, published: published.length }));
    await subscription.stop();
  } finally {
    await stop();
    await kafka.stop();
  }
}, 120_000);
