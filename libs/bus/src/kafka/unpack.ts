/** Decompresses record batches. Faultline writes none, gzip and zstd. Topics that others fill may use any codec of Kafka. */
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { decompressLz4Frame, decompressSnappyBlock } from '@faultline/runtime';
import { busError } from '../bus-error.ts';

/** Largest batch once decompressed, bytes. A small batch of a stranger must not fill the memory. */
export const maxUnpackedBytes = 64 * 1024 * 1024;

/** By the codec's number in a batch (kafka.apache.org/documentation#recordbatch). */
const decompressors: ReadonlyMap<number, (bytes: Buffer) => Buffer> = new Map([
  [0, (bytes) => bytes],
  [1, (bytes) => gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes })],
  [2, unpackSnappy],
  [3, (bytes) => decompressLz4Frame(bytes, maxUnpackedBytes)],
  [4, (bytes) => zstdDecompressSync(bytes, { maxOutputLength: maxUnpackedBytes })],
]);

/** Returns the records of a batch. Throws BUS_CORRUPT for an unknown codec, damaged bytes, and more than `maxUnpackedBytes`. */
export function unpack(bytes: Buffer, codec: number): Buffer {
  const decompress = decompressors.get(codec);
  if (decompress === undefined)
    throw busError('BUS_CORRUPT', `a record batch is compressed with codec ${codec}; 0 to 4 are supported`);
  try {
    return decompress(bytes);
  } catch (error) {
    throw busError('BUS_CORRUPT', `a record batch with codec ${codec} cannot be decompressed`, error);
  }
}

/** The header of the framing that the Java client writes (xerial/snappy-java: SnappyOutputStream). */
const xerialHeader = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The header is followed by two version numbers. */
const xerialStart = xerialHeader.length + 8;

/** Java clients write blocks with their lengths; other clients write one bare block. */
function unpackSnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, xerialHeader.length).equals(xerialHeader))
    return decompressSnappyBlock(bytes, maxUnpackedBytes);
  const blocks: Buffer[] = [];
  let room = maxUnpackedBytes;
  for (let at = xerialStart; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    const block = decompressSnappyBlock(bytes.subarray(at + 4, end), room);
    room -= block.length;
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks);
}
