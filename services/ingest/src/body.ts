/** Request bodies: decompressed within a limit, so that a small body cannot become a large one. */
import { promisify } from 'node:util';
import { gunzip, inflate, type ZlibOptions, zstdDecompress } from 'node:zlib';
import { type Refusal, refuse } from './source.ts';

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip) as Decompress,
  'x-gzip': promisify(gunzip) as Decompress,
  deflate: promisify(inflate) as Decompress,
  zstd: promisify(zstdDecompress) as unknown as Decompress,
};

export type Body = { readonly ok: true; readonly bytes: Buffer } | Refusal;

/** The body as the sender meant it. `encoding` is the Content-Encoding header, or undefined. */
export async function decompressBody(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<Body> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return withinLimit(bytes, maxBytes);
  const decompress = Object.hasOwn(decompressors, name) ? decompressors[name] : undefined;
  if (decompress === undefined)
    return refuse(415, 'INGEST_CONTENT_ENCODING', 'Content-Encoding: expected gzip, deflate, zstd or identity');
  try {
    return { ok: true, bytes: await decompress(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
    return refuse(400, 'INGEST_MALFORMED', `body: expected ${name}, as Content-Encoding says`);
  }
}

function withinLimit(bytes: Buffer, maxBytes: number): Body {
  return bytes.length > maxBytes ? tooLarge(maxBytes) : { ok: true, bytes };
}

export function tooLarge(maxBytes: number): Refusal {
  return refuse(413, 'INGEST_TOO_LARGE', `body: expected at most ${maxBytes} bytes`);
}
