/** Signatures of request bodies, as their senders document them. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender signs: a keyed hash (RFC 2104) of the body in a header. */
export interface SignatureScheme {
  /** Lower case. It may hold several signatures, divided by commas, while a secret is replaced. */
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512' | 'named';
  readonly encoding: 'hex' | 'base64';
  /** What stands before each signature, such as `v1=`. With the algorithm `named` it is the algorithm and `=`. */
  readonly prefix: string;
}

export interface SignedRequest {
  readonly bytes: Buffer;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Algorithms that a header may name (`sha256=`). SHA-1 is refused where the sender may choose. */
const namedAlgorithms = ['sha224', 'sha256', 'sha384', 'sha512'];

/** Whether the secret made one of the request's signatures. Compares in constant time. */
export function isSignedBy(secret: string, scheme: SignatureScheme, request: SignedRequest): boolean {
  const header = request.headers[scheme.header] ?? '';
  // Headers with many signatures would multiply the hashing of one body.
  const candidates = header.split(',', 10).map((part) => part.trim());
  return candidates.some((candidate) => isMatch(secret, scheme, candidate, request.bytes));
}

function isMatch(secret: string, scheme: SignatureScheme, candidate: string, bytes: Buffer): boolean {
  const read = signatureOf(scheme, candidate);
  if (read === null) return false;
  const expected = createHmac(read.algorithm, secret).update(bytes).digest();
  const sent = Buffer.from(read.text, scheme.encoding);
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

function signatureOf(scheme: SignatureScheme, candidate: string): { algorithm: string; text: string } | null {
  if (scheme.algorithm !== 'named') {
    const { algorithm, prefix } = scheme;
    return candidate.startsWith(prefix) ? { algorithm, text: candidate.slice(prefix.length) } : null;
  }
  const [, algorithm = '', text = ''] = /^(\w+)=(.+)$/.exec(candidate) ?? [];
  return namedAlgorithms.includes(algorithm) ? { algorithm, text } : null;
}
