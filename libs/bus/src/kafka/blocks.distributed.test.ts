import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { consume, readAll } from '../../contract/harness.ts';
import type { OutgoingRecord } from '../port.ts';
import { compressionNames } from './compression.ts';
import { createKafkaBus } from './index.ts';
import { removeTopics, testOptions } from './testing/under-test.ts';

const blockBytes = 512 * 1024;

/** Half of it cannot be compressed. */
function block(index: number): OutgoingRecord {
  const value = Buffer.concat([randomBytes(blockBytes / 2), Buffer.alloc(blockBytes / 2, index)]);
  return { topic: 'spans', key: `k${index}`, value, headers: { source: 'test', items: '1000' } };
}

test.each(compressionNames)('large blocks compressed with %s are read byte for byte', async (compression) => {
  const options = { ...testOptions({ compression }), maxRecordBytes: 1_000_000 };
  const { value: bus, stop } = await createKafkaBus(options).start();
  try {
    const full = { topic: 'spans', key: 'full', value: randomBytes(bus.maxRecordBytes - 100) } as const;
    const blocks = [...Array.from({ length: 24 }, (_, index) => block(index)), full];
    // More than fits one batch and one request, first in one publish, then alone.
    await bus.publish(blocks);
    await bus.publish([full]);
    const sent = new Map([...blocks, full].map(({ key, value }) => [key, value]));
    const found = await readAll(bus, 'spans');
    expect(found).toHaveLength(26);
    for (const { key, value } of found)
      expect(Buffer.compare(value ?? Buffer.alloc(0), sent.get(key) as Buffer)).toBe(0);
    const polled = await consume(bus, { group: 'g', topics: ['spans'], count: 26 });
    expect(new Set(polled.map(({ key }) => key)).size).toBe(25);
    expect(polled[0]?.headers).toEqual(polled[0]?.key === 'full' ? {} : { source: 'test', items: '1000' });
  } finally {
    await stop();
    await removeTopics(options);
  }
});

test('an adapter reads what another compression setting wrote', async () => {
  const options = testOptions({ compression: 'zstd' });
  const packed = await createKafkaBus(options).start();
  await packed.value.publish([block(1)].map((one) => ({ ...one, value: Buffer.alloc(100_000, 'a') })));
  await packed.stop();
  const plain = await createKafkaBus({ ...options, config: { ...options.config, compression: 'none' } }).start();
  expect((await readAll(plain.value, 'spans')).map(({ value }) => value?.length)).toEqual([100_000]);
  await plain.stop();
  await removeTopics(options);
});
