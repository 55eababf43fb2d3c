/** JSON bodies, read without trust: bad UTF-8, bad JSON and deep nesting are told, never thrown. */
import { type Refusal, refuse } from './source.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

export type ParsedJson = { readonly ok: true; readonly value: unknown } | Refusal;

/** Parses a body nested at most `maxDepth` deep. A byte order mark is let through. */
export function parseJson(bytes: Buffer, maxDepth: number): ParsedJson {
  const depth = deepest(bytes, maxDepth);
  if (depth > maxDepth) return refuse(400, 'INGEST_TOO_DEEP', `body: expected JSON nested at most ${maxDepth} deep`);
  try {
    return { ok: true, value: JSON.parse(decoder.decode(bytes)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) return refuse(400, 'INGEST_MALFORMED', 'body: expected UTF-8 text');
    // V8 quotes a piece of the body in its message, which may be a credential: only the position is told.
    const position = /position (\d+)/.exec(error.message)?.[1];
    const where = position === undefined ? '' : ` (position ${position})`;
    return refuse(400, 'INGEST_MALFORMED', `body: expected JSON${where}`);
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** The deepest nesting of brackets outside strings; stops counting beyond `enough`. JSON.parse itself takes any depth, what follows does not. */
function deepest(bytes: Buffer, enough: number): number {
  let depth = 0;
  let most = 0;
  let inText = false;
  for (let at = 0; at < bytes.length && most <= enough; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === 0x7b || byte === 0x5b) most = Math.max(most, ++depth);
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return most;
}
