import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressBody } from './decompress.ts';

const spans = Array.from({ length: 40 }, (_, index) => `service.name=cart-${index % 7};http.route=/cart/{id};`).join(
  '',
);
const noise = Array.from({ length: 200 }, (_, index) =>
  String.fromCharCode(33 + ((index * 7919 + index * index * 31) % 90)),
).join('');
const text = Buffer.from(`${spans}${'a'.repeat(300)}${noise}`);

/** Made of `text` by the libraries `snappy` 7.4.3 and `lz4-napi` 2.10.0. */
const snappyBlock = Buffer.from(
  'hBF8c2VydmljZS5uYW1lPWNhcnQtMDtodHRwLnJvdXRlPS8BExQve2lkfTtGKgAAMaIqAAAyoioAADOiKgAANKIqAAA1oioAADaiKgD+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgH+JgFeJgEAYf4BAP4BAP4BAP4BAKoBALAhP0EnS1M/aXdpP1NLJ0E/IUFFLVNdS3ctIVNpY0FdXUFjaVMhLXdLXVMtRUH+LQD+LQBqLQA=',
  'base64',
);
const lz4Frame = Buffer.from(
  'BCJNGGBAgpQAAAD+G3NlcnZpY2UubmFtZT1jYXJ0LTA7aHR0cC5yb3V0ZT0vY2FydC97aWR9OyoAHzEqABYfMioAFh8zKgAWHzQqABYfNSoAFh82KgAWDyYB//////9KH2EBAP8Z/x4hP0EnS1M/aXdpP1NLJ0E/IUFFLVNdS3ctIVNpY0FdXUFjaVMhLXdLXVMtRUEtAIJgQT8hQUUtAAAAAA==',
  'base64',
);

/** A chunk of Snappy's framing format: type, length of three bytes, checksum of four, data. */
function chunk(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(type, 0);
  head.writeUIntLE(data.length + 4, 1, 3);
  return Buffer.concat([head, data]);
}
const framed = Buffer.concat([
  Buffer.from([0xff, 6, 0, 0]),
  Buffer.from('sNaPpY'),
  chunk(0x00, snappyBlock),
  chunk(0xfe, Buffer.from('padding')),
  chunk(0x01, Buffer.from(' and plain')),
]);

const limits = { maxBytes: 100_000, ratio: 200 };

describe('a body is read as it was meant', () => {
  it.each([
    ['identity', text, text],
    ['gzip', gzipSync(text), text],
    ['x-gzip', gzipSync(text), text],
    ['zstd', zstdCompressSync(text), text],
    ['zlib', deflateSync(text), text],
    ['deflate', deflateSync(text), text],
    ['deflate', deflateRawSync(text), text],
    ['snappy', snappyBlock, text],
    ['snappy', framed, Buffer.concat([text, Buffer.from(' and plain')])],
    ['x-snappy-framed', framed, Buffer.concat([text, Buffer.from(' and plain')])],
    ['lz4', lz4Frame, text],
    ['lz4', Buffer.concat([lz4Frame, lz4Frame]), Buffer.concat([text, text])],
    [' GZIP ', gzipSync(text), text],
  ])('%s', async (encoding, sent, wanted) => {
    expect(await decompressBody(sent, encoding, limits)).toEqual({ ok: true, bytes: wanted });
  });
});

const packed: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['deflate', deflateRawSync(text)],
  ['snappy', snappyBlock],
  ['x-snappy-framed', framed],
  ['lz4', lz4Frame],
];

describe('what is cut short or damaged is refused or read, never thrown', () => {
  it.each(packed)('%s', async (encoding, sent) => {
    for (let at = 0; at < sent.length; at++) {
      const damaged = Buffer.from(sent);
      damaged.writeUInt8((damaged.readUInt8(at) + 101) % 256, at);
      for (const body of [sent.subarray(0, at), damaged]) {
        const result = await decompressBody(body, encoding, limits);
        if (!result.ok) expect([400, 413]).toContain(result.status);
        else expect(result.bytes.length).toBeLessThanOrEqual(limits.maxBytes);
      }
    }
  });
});

describe('what would grow too large is refused', () => {
  const zeros = Buffer.alloc(40_000_000);
  /** A literal, and copies that each make 64 bytes of 3. */
  const snappyBomb = Buffer.concat([
    Buffer.from([0x80, 0x88, 0x7a, 0x00, 0x61]),
    Buffer.concat(Array.from({ length: 31_250 }, () => Buffer.from([0xfe, 0x01, 0x00]))),
  ]);
  const lz4Bomb = (() => {
    const block = Buffer.concat([
      Buffer.from([0x1f, 0x61, 0x01, 0x00]),
      Buffer.alloc(50_000, 255),
      Buffer.from([0, 0x00]),
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    return Buffer.concat([lz4Frame.subarray(0, 7), size, block, Buffer.alloc(4)]);
  })();
  it.each([
    ['gzip', gzipSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['snappy', snappyBomb],
    ['lz4', lz4Bomb],
  ])('%s, by the size', async (encoding, sent) => {
    expect(await decompressBody(sent, encoding, limits)).toMatchObject({ ok: false, status: 413 });
  });

  it('by the ratio, above a MiB', async () => {
    const sent = gzipSync(zeros);
    const wide = { maxBytes: 64_000_000, ratio: 10 };
    expect(await decompressBody(sent, 'gzip', wide)).toMatchObject({ ok: false, status: 413 });
    expect(await decompressBody(sent, 'gzip', { ...wide, ratio: 2000 })).toMatchObject({ ok: true });
    expect(await decompressBody(gzipSync(Buffer.alloc(1_000_000)), 'gzip', wide)).toMatchObject({ ok: true });
  });
});

it('an encoding that is not known is told with those that are', async () => {
  const refused = await decompressBody(text, 'br', limits);
  expect(refused).toMatchObject({ ok: false, status: 415, problem: { reason: expect.stringContaining('gzip, zstd') } });
});
