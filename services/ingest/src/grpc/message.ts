/** One gRPC message on a stream: a byte that says whether it is compressed, four bytes of length, then so many bytes. */
import type { Readable } from 'node:stream';
import type { BodySource, OpenBody } from '../body/read.ts';

const prefixBytes = 5;

/** The message as a body. Opening it reads the prefix, which tells the size before any of the rest is kept. */
export function messageBody(stream: Readable, encoding: string | undefined): BodySource {
  return { open: () => openMessage(stream, encoding) };
}

async function openMessage(stream: Readable, encoding: string | undefined): Promise<OpenBody | null> {
  // The stream outlives the message: it has to carry the answer.
  const pieces: AsyncIterator<Buffer> = stream.iterator({ destroyOnReturn: false });
  const head = await readHead(pieces);
  if (head === null) return null;
  return {
    declaredBytes: head.readUInt32BE(1),
    encoding: head[0] === 0 ? undefined : (encoding ?? 'none, but the message says that it is compressed'),
    pieces: rest(head.subarray(prefixBytes), pieces),
  };
}

/** At least the prefix, and what came with it. Null when the stream ends before. */
async function readHead(pieces: AsyncIterator<Buffer>): Promise<Buffer | null> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < prefixBytes) {
    const next = await pieces.next().catch(() => null);
    if (next === null || next.done === true) return null;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rest(first: Buffer, pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}
