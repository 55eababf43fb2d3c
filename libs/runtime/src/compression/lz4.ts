/**
 * LZ4 frames (github.com/lz4/lz4: doc/lz4_Frame_format.md, lz4_Block_format.md). Written here for the reasons of snappy.ts. Checksums are not
 * looked at. Dictionaries and legacy frames are not read.
 */
import { BadCompression, Output } from './output.ts';

const magic = 0x184d2204;
const skippableMagic = 0x184d2a50;

/** One or more frames. Throws OutputTooLarge and BadCompression. */
export function decompressLz4Frame(bytes: Buffer, maxBytes: number): Buffer {
  const output = new Output(maxBytes, bytes.length * 4);
  for (let at = 0; at < bytes.length; ) at = readFrame(bytes, at, output);
  return output.bytes();
}

function readFrame(bytes: Buffer, at: number, output: Output): number {
  const found = uint32(bytes, at);
  if ((found & 0xfffffff0) >>> 0 === skippableMagic) return at + 8 + uint32(bytes, at + 4);
  if (found !== magic) throw new BadCompression('no LZ4 frame');
  const flags = byteAt(bytes, at + 4);
  if (flags >> 6 !== 1) throw new BadCompression('LZ4 frame version');
  if ((flags & 1) !== 0) throw new BadCompression('LZ4 dictionary');
  const descriptorBytes = 2 + ((flags & 8) === 0 ? 0 : 8) + 1;
  return readBlocks(bytes, at + 4 + descriptorBytes, flags, output);
}

/** The highest bit of a block's size says that it is not compressed. A size of 0 ends the frame. */
function readBlocks(bytes: Buffer, start: number, flags: number, output: Output): number {
  const isIndependent = (flags & 32) !== 0;
  const checksumBytes = (flags & 16) === 0 ? 0 : 4;
  const frameStart = output.length;
  let at = start;
  for (let size = uint32(bytes, at); size !== 0; size = uint32(bytes, at)) {
    const end = at + 4 + (size & 0x7fffffff);
    if (end > bytes.length) throw new BadCompression('a block is cut off');
    if (size >>> 31 === 1) output.literal(bytes, at + 4, end);
    else readBlock(bytes.subarray(at + 4, end), output, isIndependent ? output.length : frameStart);
    at = end + checksumBytes;
  }
  return at + 4 + ((flags & 4) === 0 ? 0 : 4);
}

/** Sequences of literals and a copy. The last has literals only. `from`: how far back copies may reach. */
function readBlock(block: Buffer, output: Output, from: number): void {
  for (let at = 0; at < block.length; ) {
    const token = byteAt(block, at);
    const literal = readCount(block, at + 1, token >> 4);
    output.literal(block, literal.end, literal.end + literal.count);
    at = literal.end + literal.count;
    if (at >= block.length) return;
    const offset = byteAt(block, at) | (byteAt(block, at + 1) << 8);
    const match = readCount(block, at + 2, token & 15);
    output.copy(offset, match.count + 4, from);
    at = match.end;
  }
}

/** A count of 15 goes on in the bytes behind it, as long as they are 255. */
function readCount(block: Buffer, start: number, nibble: number): { count: number; end: number } {
  let count = nibble;
  let end = start;
  for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
    byte = byteAt(block, end++);
    count += byte;
  }
  return { count, end };
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new BadCompression('the input is cut off');
  return byte;
}

function uint32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new BadCompression('the input is cut off');
  return bytes.readUInt32LE(at);
}
