import { expect, test } from 'vitest';
import { consume, numbered, readAll, record, textOf } from '../../contract/harness.ts';
import type { LogRecord } from '../port.ts';
import { createKafkaBus, type KafkaBus, type KafkaBusOptions } from './index.ts';
import { openTransaction } from './testing/open-transaction.ts';
import { removeTopics, testOptions } from './testing/under-test.ts';

async function withBus(work: (bus: KafkaBus, options: KafkaBusOptions) => Promise<void>): Promise<void> {
  const options = testOptions();
  const { value, stop } = await createKafkaBus(options).start();
  try {
    await work(value, options);
  } finally {
    await stop();
    await removeTopics(options);
  }
}

const partition = 0;
const own = (text: string) => ({ ...record('alerts', 'k', text), partition });
const texts = (records: readonly LogRecord[]) => records.map(textOf);

test('control records take offsets that no reader is given, and do not count in the end of a topic', () =>
  withBus(async (bus, options) => {
    // Records of two partitions: each publish is a transaction, which leaves a control record in both.
    for (const text of ['0', '1', '2'])
      await bus.publish([own(text), { ...record('changes', 'k', text), partition: 1 }]);
    const read = await readAll(bus, 'alerts');
    expect(texts(read)).toEqual(['0', '1', '2']);
    const last = read.at(-1)?.offset ?? 0n;
    expect(last).toBeGreaterThan(2n);
    const [end] = await bus.offsets('alerts');
    expect(end?.next).toBe(last + 1n);

    await consume(bus, { group: 'g', topics: ['alerts'], count: 3 });
    expect(await bus.committed('g', 'alerts')).toEqual([{ topic: 'alerts', partition, offset: last + 1n }]);
    // A client that has read nothing sees the same.
    const second = await createKafkaBus(options).start();
    expect((await second.value.offsets('alerts'))[partition]?.next).toBe(last + 1n);
    await second.stop();
  }));

test('data of an aborted transaction is never given, and reading and following pass over it at the end of a topic', () =>
  withBus(async (bus, options) => {
    await bus.publish([own('seen')]);
    for (let turn = 0; turn < 2; turn += 1) {
      const open = await openTransaction(
        options,
        `${options.config.topicPrefix}test`,
        numbered('alerts', ['k'], 50).map((one) => ({ ...one, partition })),
      );
      await open.end('abort');
      open.close();
    }
    expect(texts(await readAll(bus, 'alerts'))).toEqual(['seen']);
    const [end] = await bus.offsets('alerts');
    expect(end?.next).toBe(1n);
    const far: LogRecord[] = [];
    for await (const found of bus.read({ topic: 'alerts', partition, from: 0n, to: 40n })) far.push(found);
    expect(texts(far)).toEqual(['seen']);
    const ending = new AbortController();
    const followed: unknown[] = [];
    for await (const given of bus.follow('alerts', ending.signal)) {
      followed.push('caughtUp' in given ? 'caught up' : textOf(given));
      if (followed.at(-1) === 'caught up') await bus.publish([own('later')]);
      if (followed.at(-1) === 'later') ending.abort();
    }
    expect(followed).toEqual(['seen', 'caught up', 'later']);
  }));

test('what a killed writer left open is not given; readers go on when the brokers have aborted it', () =>
  withBus(async (bus, given) => {
    const options = { ...given, config: { ...given.config, transactionTimeoutMs: 1_000 } };
    await bus.publish([own('before')]);
    const open = await openTransaction(options, `${options.config.topicPrefix}killed`, [own('never')]);
    open.close();
    await bus.publish([own('after')]);
    // Reads to where the log ended at the call, so it waits until the open transaction has ended.
    expect(texts(await readAll(bus, 'alerts'))).toEqual(['before', 'after']);
  }));
