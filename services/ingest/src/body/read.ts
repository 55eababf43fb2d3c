/** Reads a request body into memory, after its bytes were counted. */
import { type Problem, type Refusal, refuse } from '../source.ts';
import type { Lease } from './budget.ts';

/** A body that is still on its way. */
export interface BodySource {
  /** Begins to read. Null when the body ends before it says how large it is. */
  open(): Promise<OpenBody | null>;
}

export interface OpenBody {
  /** Size by the sender's word; null when it gave none. */
  readonly declaredBytes: number | null;
  /** Content-Encoding, or the encoding of the gRPC message. */
  readonly encoding: string | undefined;
  readonly pieces: AsyncIterable<Buffer>;
}

export type Body = { readonly ok: true; readonly bytes: Buffer } | BodyRefusal;
export type BodyRefusal = Refusal | { readonly ok: false; readonly status: 503; readonly problem: Problem };

export const overloaded: BodyRefusal = {
  ok: false,
  status: 503,
  problem: { code: 'INGEST_OVERLOADED', reason: 'too many bytes are being handled at once; send the same again later' },
};

export function tooLarge(maxBytes: number): Refusal {
  return refuse(413, 'INGEST_TOO_LARGE', `body: expected at most ${maxBytes} bytes`);
}

export const cutOff = refuse(400, 'INGEST_MALFORMED', 'request: the body ended before it was whole');

/** The bytes as sent. What is declared is reserved before the first byte is read; without a size, each piece as it arrives. */
export async function readBody(body: OpenBody, maxBytes: number, lease: Lease): Promise<Body> {
  const { declaredBytes } = body;
  if (declaredBytes !== null && declaredBytes > maxBytes) return tooLarge(maxBytes);
  if (declaredBytes !== null && !lease.reserve(declaredBytes)) return overloaded;
  const pieces = createPieces(declaredBytes, maxBytes, lease);
  try {
    for await (const piece of body.pieces) {
      const refusal = pieces.add(piece);
      if (refusal !== null) return refusal;
    }
  } catch {
    return cutOff;
  }
  return pieces.whole();
}

function createPieces(declaredBytes: number | null, maxBytes: number, lease: Lease) {
  const pieces: Buffer[] = [];
  let bytes = 0;
  return {
    add: (piece: Buffer): BodyRefusal | null => {
      bytes += piece.length;
      if (bytes > (declaredBytes ?? maxBytes)) return tooLarge(declaredBytes ?? maxBytes);
      if (declaredBytes === null && !lease.reserve(piece.length)) return overloaded;
      pieces.push(piece);
      return null;
    },
    whole: (): Body =>
      declaredBytes !== null && bytes < declaredBytes ? cutOff : { ok: true, bytes: Buffer.concat(pieces, bytes) },
  };
}
