/**
 * Reads the YAML of a Helm release. Whoever may write a Secret chooses its size and its content, so both are bounded: a long manifest
 * would hold up all else that this process does. What is not read is counted.
 */
import { load, YAMLException } from 'js-yaml';
import { isObject, type Json, type JsonObject } from '../api/json.ts';

export interface ManifestLimits {
  /** Characters that are parsed. About half a second of processor time for a million. */
  readonly maxChars: number;
  /** Values, each alias counted with all that it stands for: aliases of aliases multiply. */
  readonly maxValues: number;
}

export const manifestLimits: ManifestLimits = { maxChars: 1024 * 1024, maxValues: 200_000 };

export interface Manifest {
  readonly documents: readonly JsonObject[];
  /** Documents that are over a limit or no YAML. */
  readonly unread: number;
}

/** `isWanted` gets the kind of a document, where a line names it, so that others cost nothing. A document that cannot be read costs only itself. */
export function readManifest(
  text: string,
  isWanted: (kind: string) => boolean,
  limits: ManifestLimits = manifestLimits,
): Manifest {
  const documents: JsonObject[] = [];
  let unread = 0;
  let { maxChars: charsLeft, maxValues: valuesLeft } = limits;
  for (const source of documentsIn(text)) {
    const kind = kindLine.exec(source)?.[1];
    if (kind !== undefined && !isWanted(kind)) continue;
    charsLeft -= source.length;
    const value = charsLeft < 0 ? unreadable : parse(source);
    if (value !== unreadable) valuesLeft -= countValues(value, valuesLeft);
    if (value === unreadable || valuesLeft < 0) unread++;
    else if (isObject(value)) documents.push(value);
  }
  return { documents, unread };
}

/** A line of three dashes begins a document, also within a block of text. */
function* documentsIn(text: string): Generator<string> {
  let from = 0;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    yield text.slice(from, index);
    from = index + 3;
  }
  yield text.slice(from);
}

const kindLine = /^kind:[ \t]*["']?(\w+)["']?[ \t]*\r?$/m;

const unreadable = Symbol('unreadable');

function parse(source: string): Json | typeof unreadable {
  try {
    return source.trim() === '' ? null : ((load(source) ?? null) as Json);
  } catch (error) {
    if (error instanceof YAMLException || error instanceof RangeError) return unreadable;
    throw error;
  }
}

/** Stops above `max`. */
function countValues(value: Json, max: number): number {
  const waiting: Json[] = [value];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined && count <= max; next = waiting.pop()) {
    count++;
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) waiting.push(inner as Json);
  }
  return count;
}
