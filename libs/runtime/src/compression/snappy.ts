/**
 * Snappy (github.com/google/snappy: format_description.txt, framing_format.txt). Written here because the libraries for Node take no limit on
 * the output, or are native modules that some platforms lack. Checksums are not looked at: TCP and TLS have their own.
 */
import { BadCompression, Output, OutputTooLarge } from './output.ts';

const streamIdentifier = Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]);

export function isSnappyFramed(bytes: Buffer): boolean {
  return bytes.subarray(0, streamIdentifier.length).equals(streamIdentifier);
}

/** The framing format. Throws OutputTooLarge and BadCompression. */
export function decompressSnappyFrames(bytes: Buffer, maxBytes: number): Buffer {
  if (!isSnappyFramed(bytes)) throw new BadCompression('no stream identifier');
  const output = new Output(maxBytes, bytes.length * 4);
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new BadCompression('a chunk header is cut off');
    const length = bytes.readUIntLE(at + 1, 3);
    const end = at + 4 + length;
    if (end > bytes.length) throw new BadCompression('a chunk is cut off');
    readChunk(bytes[at] ?? 0, bytes.subarray(at + 4, end), output);
    at = end;
  }
  return output.bytes();
}

const checksumBytes = 4;
const compressedChunk = 0x00;
const plainChunk = 0x01;
/** Chunks from here on may be skipped by who does not know them: padding, stream identifiers. */
const firstSkippable = 0x80;

function readChunk(type: number, chunk: Buffer, output: Output): void {
  if (type >= firstSkippable) return;
  if (chunk.length < checksumBytes) throw new BadCompression('a chunk without checksum');
  if (type === plainChunk) output.literal(chunk, checksumBytes, chunk.length);
  else if (type === compressedChunk) readBlock(chunk.subarray(checksumBytes), output);
  else throw new BadCompression(`chunk type ${type}`);
}

/** The block format. Throws OutputTooLarge and BadCompression. */
export function decompressSnappyBlock(bytes: Buffer, maxBytes: number): Buffer {
  const { length } = readLength(bytes);
  if (length > maxBytes) throw new OutputTooLarge();
  const output = new Output(length, Math.min(length, bytes.length * 64));
  readBlock(bytes, output);
  return output.bytes();
}

/** The block's length once decompressed, a varint, and where its elements begin. */
function readLength(bytes: Buffer): { length: number; start: number } {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[index];
    if (byte === undefined) break;
    length += (byte & 127) * 2 ** (7 * index);
    if (byte < 128) return { length, start: index + 1 };
  }
  throw new BadCompression('no length');
}

function readBlock(bytes: Buffer, output: Output): void {
  const { length, start } = readLength(bytes);
  const from = output.length;
  for (let at = start; at < bytes.length; ) at = readElement(bytes, at, output, from);
  if (output.length - from !== length) throw new BadCompression('the length is not as announced');
}

/** Reads one element, and returns where the next one begins. The low two bits of its first byte are its type. */
function readElement(bytes: Buffer, at: number, output: Output, from: number): number {
  const tag = bytes[at] ?? 0;
  const type = tag & 3;
  if (type === 0) return readLiteral(bytes, at, output);
  const size = type === 1 ? 2 : type === 2 ? 3 : 5;
  if (at + size > bytes.length) throw new BadCompression('a copy is cut off');
  if (type === 1) output.copy(((tag & 0xe0) << 3) | (bytes[at + 1] ?? 0), ((tag >> 2) & 7) + 4, from);
  else output.copy(bytes.readUIntLE(at + 1, size - 1), (tag >> 2) + 1, from);
  return at + size;
}

/** Up to 60 bytes have their length in the tag; longer ones in one to four bytes behind it. */
function readLiteral(bytes: Buffer, at: number, output: Output): number {
  const short = (bytes[at] ?? 0) >> 2;
  const extra = short < 60 ? 0 : short - 59;
  if (at + 1 + extra > bytes.length) throw new BadCompression('a literal is cut off');
  const length = (extra === 0 ? short : bytes.readUIntLE(at + 1, extra)) + 1;
  const start = at + 1 + extra;
  output.literal(bytes, start, start + length);
  return start + length;
}
