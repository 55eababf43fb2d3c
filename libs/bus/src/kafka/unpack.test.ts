import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { maxUnpackedBytes, unpack } from './unpack.ts';

const text = Buffer.from('hello');
/** One literal of five bytes: its length, the tag, the bytes (google/snappy, format_description.txt). */
const snappyBlock = Buffer.concat([Buffer.from([5, 4 << 2]), text]);
const xerialHeader = Buffer.from('82534e41505059000000000100000001', 'hex');
const xerialBlock = Buffer.concat([Buffer.from([0, 0, 0, snappyBlock.length]), snappyBlock]);
/** A frame of independent blocks without checksums; its block is not compressed (lz4_Frame_format.md). */
const lz4Frame = Buffer.concat([
  Buffer.from('04224d18604082', 'hex'),
  Buffer.from('05000080', 'hex'),
  text,
  Buffer.alloc(4),
]);

test.each([
  ['none', 0, text],
  ['gzip', 1, gzipSync(text)],
  ['snappy as librdkafka writes it', 2, snappyBlock],
  ['LZ4', 3, lz4Frame],
  ['zstd', 4, zstdCompressSync(text)],
])('%s', (_name, codec, bytes) => {
  expect(unpack(bytes, codec).toString()).toBe('hello');
});

test('snappy as Java clients write it, in blocks', () => {
  expect(unpack(Buffer.concat([xerialHeader, xerialBlock, xerialBlock]), 2).toString()).toBe('hellohello');
});

test.each([
  ['a codec that Kafka does not have', 5, text],
  ['bytes that are no gzip', 1, text],
  ['bytes that are no snappy', 2, Buffer.from([255, 255])],
  ['a block that is cut off', 2, Buffer.concat([xerialHeader, xerialBlock.subarray(0, 6)])],
  ['bytes that are no LZ4', 3, text],
  ['a small batch that would fill the memory', 1, gzipSync(Buffer.alloc(maxUnpackedBytes + 1))],
])('refuses %s', (_name, codec, bytes) => {
  expect(() => unpack(bytes, codec)).toThrow(expect.objectContaining({ code: 'BUS_CORRUPT' }));
});
