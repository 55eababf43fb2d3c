import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { type CompressionName, compressionNames } from './compression.ts';
import { crc32c } from './crc32c.ts';
import { encodeBatch } from './encode-batch.ts';
import { parseBatches } from './record-batch.ts';

const values = [Buffer.from('one'), null, Buffer.alloc(0), Buffer.alloc(100_000, 7)];

function encoded(codec: CompressionName): Buffer {
  const records = values.map((value, index) => ({
    topic: 'spans' as const,
    partition: 0,
    key: `k${index}ö`,
    value,
    headers: index === 0 ? { a: 'zwölf', b: '' } : undefined,
  }));
  return encodeBatch(records, { producerId: '5', producerEpoch: 1, firstSequence: 0, isTransactional: true, codec });
}

test.each(compressionNames)('batches packed with %s are read as they were written', (name) => {
  const [batch, ...others] = parseBatches(encoded(name));
  expect(others).toEqual([]);
  expect(batch).toMatchObject({
    baseOffset: 0,
    lastOffset: 3,
    producerId: 5n,
    isTransactional: true,
    control: undefined,
  });
  const records = batch?.records() ?? [];
  expect(records.map(({ key }) => key)).toEqual(['k0ö', 'k1ö', 'k2ö', 'k3ö']);
  expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  expect(records.map(({ value }) => value)).toEqual(values);
  expect(records[0]?.headers).toEqual({ a: 'zwölf', b: '' });
});

test('a batch that was cut off is left out, those before it are not', () => {
  const whole = encoded('none');
  const cut = Buffer.concat([whole, whole.subarray(0, whole.length - 1)]);
  expect(parseBatches(cut)).toHaveLength(1);
  expect(parseBatches(whole.subarray(0, 20))).toEqual([]);
});

test('a format that is not ours is refused', () => {
  const batch = encoded('none');
  batch.writeInt8(1, 16);
  expect(() => parseBatches(batch)).toThrow(expect.objectContaining({ code: 'BUS_CORRUPT' }));
});

test('our checksums and batches are those of kafkajs', async () => {
  const load = createRequire(import.meta.url);
  const theirs = load('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;
  for (const length of [0, 1, 7, 8, 9, 1_000]) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256));
    expect(crc32c(bytes)).toBe(theirs(bytes) >>> 0);
    expect(crc32c(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3))).toBe(theirs(bytes) >>> 0);
  }
  const decode = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
    decoder: object,
  ) => Promise<object[]>;
  const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
  const batch = encoded('gzip');
  const length = Buffer.alloc(4);
  length.writeInt32BE(batch.length);
  const found = await decode(new Decoder(Buffer.concat([length, batch])));
  expect(found).toMatchObject(
    values.map((value, index) => ({ value, offset: String(index), key: Buffer.from(`k${index}ö`) })),
  );
});
