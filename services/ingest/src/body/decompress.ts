/** Content encodings. A body is inflated within a size and a ratio, so that a small one cannot become a large one. */
import {
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import {
  BadCompression,
  decompressLz4Frame,
  decompressSnappyBlock,
  decompressSnappyFrames,
  isSnappyFramed,
  OutputTooLarge,
} from '@faultline/runtime';
import { refuse } from '../source.ts';
import { type Body, tooLarge } from './read.ts';

/** Throws OutputTooLarge or an error of the library. */
type Decompress = (bytes: Buffer, maxBytes: number) => Promise<Buffer> | Buffer;

type Done = (error: Error | null, bytes: Buffer) => void;
type Limit = { readonly maxOutputLength: number };
type ZlibFunction = (bytes: Buffer, options: Limit, done: Done) => void;
type ZlibSyncFunction = (bytes: Buffer, options: Limit) => Buffer;

/**
 * Bodies up to this size are inflated at once, as long as they stay below `atOnceOutputBytes`: about a millisecond. The way through the
 * thread pool takes the main thread half a millisecond, whatever the size.
 */
const atOnceBytes = 32 * 1024;
const atOnceOutputBytes = 512 * 1024;

function zlib(decompress: ZlibFunction, decompressSync: ZlibSyncFunction): Decompress {
  const inPool: Decompress = (bytes, maxOutputLength) =>
    new Promise((resolve, reject) => {
      decompress(bytes, { maxOutputLength }, (error, result) => (error === null ? resolve(result) : reject(error)));
    });
  return (bytes, maxBytes) => {
    if (bytes.length > atOnceBytes) return inPool(bytes, maxBytes);
    try {
      return decompressSync(bytes, { maxOutputLength: Math.min(maxBytes, atOnceOutputBytes) });
    } catch (error) {
      if (isTooLarge(error) && maxBytes > atOnceOutputBytes) return inPool(bytes, maxBytes);
      throw error;
    }
  };
}

const inflateWrapped = zlib(inflate, inflateSync);
const inflatePlain = zlib(inflateRaw, inflateRawSync);
const gzip = zlib(gunzip, gunzipSync);

/** RFC 9110 names the zlib format `deflate`; many senders mean the plain stream of RFC 1951. The header of RFC 1950 tells them apart. */
const deflate: Decompress = (bytes, maxBytes) => {
  const [first = 0, second = 0] = bytes;
  const isWrapped = (first & 15) === 8 && (first * 256 + second) % 31 === 0;
  return isWrapped ? inflateWrapped(bytes, maxBytes) : inflatePlain(bytes, maxBytes);
};

/** `snappy` is the block format; some senders mean the framing format by it. */
const snappy: Decompress = (bytes, maxBytes) =>
  isSnappyFramed(bytes) ? decompressSnappyFrames(bytes, maxBytes) : decompressSnappyBlock(bytes, maxBytes);

const decompressors: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['zlib', inflateWrapped],
  ['deflate', deflate],
  ['zstd', zlib(zstdDecompress, zstdDecompressSync)],
  ['snappy', snappy],
  ['x-snappy-framed', decompressSnappyFrames],
  ['lz4', decompressLz4Frame],
]);

/** What a sender may choose from, for `accept-encoding` of an answer 415 (RFC 9110, 15.5.16). */
export const acceptedEncodings = 'gzip, zstd, deflate, zlib, snappy, x-snappy-framed, lz4, identity';

export interface DecompressLimits {
  readonly maxBytes: number;
  /** Most bytes for each byte sent. */
  readonly ratio: number;
}

/** Below this size the ratio does not matter. */
const freeBytes = 1024 * 1024;

/** The body as the sender meant it. `encoding` is the Content-Encoding header, or undefined. */
export async function decompressBody(
  bytes: Buffer,
  encoding: string | undefined,
  { maxBytes, ratio }: DecompressLimits,
): Promise<Body> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return bytes.length > maxBytes ? tooLarge(maxBytes) : { ok: true, bytes };
  const decompress = decompressors.get(name);
  if (decompress === undefined)
    return refuse(415, 'INGEST_CONTENT_ENCODING', `Content-Encoding: expected one of ${acceptedEncodings}`);
  const allowed = Math.min(maxBytes, Math.max(freeBytes, bytes.length * ratio));
  try {
    return { ok: true, bytes: await decompress(bytes, allowed) };
  } catch (error) {
    if (isTooLarge(error)) return tooLargeInflated(allowed);
    if (isBadCompression(error))
      return refuse(400, 'INGEST_MALFORMED', `body: expected ${name}, as Content-Encoding says`);
    throw error;
  }
}

function tooLargeInflated(maxBytes: number): Body {
  return refuse(413, 'INGEST_TOO_LARGE', `body: expected at most ${maxBytes} bytes once decompressed`);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof OutputTooLarge || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

/** Errors of zlib have codes such as Z_DATA_ERROR, those of zstd ZSTD_error_prefix_unknown. */
function isBadCompression(error: unknown): boolean {
  return error instanceof BadCompression || /^(Z_|ZSTD_|ERR_)/.test(String((error as NodeJS.ErrnoException).code));
}
