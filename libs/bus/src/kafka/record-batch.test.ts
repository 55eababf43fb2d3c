import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { codecOf, compressionNames } from './compression.ts';
import { parseBatches } from './record-batch.ts';

const load = createRequire(import.meta.url);
// The encoder of kafkajs is the other side: what it writes must be read back.
const Record = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(batch: object): Promise<{ buffer: Buffer }>;
};

const values = [Buffer.from('one'), null, Buffer.alloc(0), Buffer.alloc(100_000, 7)];

async function encoded(name: (typeof compressionNames)[number]): Promise<Buffer> {
  const records = values.map((value, offsetDelta) =>
    Record({
      offsetDelta,
      timestampDelta: offsetDelta * 3,
      key: `k${offsetDelta}`,
      value,
      headers: { a: 'zwölf', b: '' },
    }),
  );
  const lastOffsetDelta = records.length - 1;
  const firstTimestamp = 1_700_000_000_000;
  const batch = await RecordBatch({ records, lastOffsetDelta, firstTimestamp, compression: codecOf(name) });
  return batch.buffer;
}

test.each(compressionNames)('batches packed with %s are read as they were written', async (name) => {
  const [batch, ...others] = parseBatches(await encoded(name));
  expect(others).toEqual([]);
  expect(batch).toMatchObject({ baseOffset: 0, lastOffset: 3, isTransactional: false, control: undefined });
  const records = batch?.records() ?? [];
  expect(records.map(({ key }) => key)).toEqual(['k0', 'k1', 'k2', 'k3']);
  expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  expect(records.map(({ timestampMs }) => timestampMs - 1_700_000_000_000)).toEqual([0, 3, 6, 9]);
  expect(records.map(({ value }) => value)).toEqual(values);
  expect(records[0]?.headers).toEqual({ a: 'zwölf', b: '' });
});

test('a batch that was cut off is left out, those before it are not', async () => {
  const whole = await encoded('none');
  const cut = Buffer.concat([whole, whole.subarray(0, whole.length - 1)]);
  expect(parseBatches(cut)).toHaveLength(1);
  expect(parseBatches(whole.subarray(0, 20))).toEqual([]);
});

test('a format that is not ours is refused', async () => {
  const batch = await encoded('none');
  batch.writeInt8(1, 16);
  expect(() => parseBatches(batch)).toThrow(expect.objectContaining({ code: 'BUS_CORRUPT' }));
});
