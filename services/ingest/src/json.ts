/** JSON bodies, read without trust: bad UTF-8, bad JSON and deep nesting are told, never thrown. */
import { type Refusal, refuse } from './source.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

export type ParsedJson = { readonly ok: true; readonly value: unknown } | Refusal;

export interface JsonLimits {
  readonly jsonDepth: number;
  readonly jsonValues: number;
}

/** Parses a body within the limits. A byte order mark is let through. */
export function parseJson(bytes: Buffer, limits: JsonLimits): ParsedJson {
  const { jsonDepth, jsonValues } = limits;
  const { depth, values } = measure(bytes, limits);
  if (depth > jsonDepth) return refuse(400, 'INGEST_TOO_DEEP', `body: expected JSON nested at most ${jsonDepth} deep`);
  if (values > jsonValues) return refuse(413, 'INGEST_TOO_MANY', `body: expected at most ${jsonValues} JSON values`);
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
const comma = 0x2c;

/**
 * The deepest nesting of brackets, and the number of values, outside strings. Stops counting above the limits. JSON.parse accepts any depth and
 * makes an object of every two bytes; what follows it does not.
 */
function measure(bytes: Buffer, { jsonDepth, jsonValues }: JsonLimits): { depth: number; values: number } {
  let depth = 0;
  let most = 0;
  let values = 1;
  let inText = false;
  for (let at = 0; at < bytes.length && most <= jsonDepth && values <= jsonValues; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === comma) values++;
    else if (byte === 0x7b || byte === 0x5b) {
      values++;
      most = Math.max(most, ++depth);
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return { depth: most, values };
}
