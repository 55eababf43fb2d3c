import { expect, test } from 'vitest';
import { record, textOf } from '../../contract/harness.ts';
import { createKafkaBus } from './index.ts';
import { openTransaction } from './testing/open-transaction.ts';
import { removeTopics, testOptions } from './testing/under-test.ts';

const own = (text: string) => ({ ...record('alerts', 'k', text), partition: 0 });

test('the end of a topic is not told to be before records that are acknowledged and hidden behind what a killed writer left open', async () => {
  const options = testOptions();
  const { value: bus, stop } = await createKafkaBus(options).start();
  try {
    await bus.publish([own('before')]);
    const open = await openTransaction(options, `${options.config.topicPrefix}killed`, [own('never')]);
    await bus.publish([own('after')]);
    const [hidden] = await bus.offsets('alerts');
    expect(hidden?.next).toBe(3n);
    await open.end('abort');
    open.close();
    const texts: unknown[] = [];
    for await (const found of bus.read({ topic: 'alerts', partition: 0, from: 0n })) texts.push(textOf(found));
    expect(texts).toEqual(['before', 'after']);
    const [seen] = await bus.offsets('alerts');
    expect(seen?.next).toBe(3n);
  } finally {
    await stop();
    await removeTopics(options);
  }
});
