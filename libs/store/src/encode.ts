/**
 * Encodes rows of history as the body of an insert in ClickHouse's JSONCompactEachRow: one JSON array per line, in the
 * order of `jsonColumnsOf`.
 */
import { type Encoding, type JsonTable, jsonColumnsOf } from './columns.ts';
import type { Batch } from './rows.ts';

type LooseRow = Readonly<Record<string, unknown>>;

/** Limits of one piece: it encodes in a tenth of a second and stays far below the longest JavaScript string. */
export interface PieceLimits {
  readonly rows: number;
  readonly chars: number;
}
const defaultLimits: PieceLimits = { rows: 20_000, chars: 64_000_000 };

/**
 * Encodes the rows of a batch as bodies of inserts. The same rows give the same pieces and bytes, so a repeat is
 * recognised.
 */
export function* encodePieces(
  batch: Extract<Batch, { table: JsonTable }>,
  limits: PieceLimits = defaultLimits,
): Generator<string> {
  const cells = Object.entries(jsonColumnsOf[batch.table]).map(([name, kind]) => ({
    name,
    convert: converterOf[kind],
  }));
  let lines: string[] = [];
  let chars = 0;
  // The row types of rows.ts guarantee the type that each converter gets.
  for (const row of batch.rows as readonly unknown[] as readonly LooseRow[]) {
    const line = JSON.stringify(cells.map(({ name, convert }) => (convert === null ? row[name] : convert(row[name]))));
    if (lines.length === limits.rows || (lines.length > 0 && chars + line.length > limits.chars)) {
      yield wellFormed(lines.join('\n'));
      lines = [];
      chars = 0;
    }
    lines.push(line);
    chars += line.length;
  }
  if (lines.length > 0) yield wellFormed(lines.join('\n'));
}

/** Converts a value to what JSON can hold; null when it needs no conversion. */
const converterOf: { readonly [Kind in Encoding]: ((value: unknown) => unknown) | null } = {
  plain: null,
  ms: (value) => (value === null ? null : milliseconds(value as number)),
};

/**
 * Matches `\ud8..` where JSON.stringify escaped half a surrogate pair, but not where the text itself has it behind
 * another backslash.
 */
const loneSurrogate = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Half a surrogate pair would make the engine refuse the whole insert. */
function wellFormed(body: string): string {
  return body.includes('\\ud') ? body.replace(loneSurrogate, '$1\\ufffd') : body;
}

/** Writes `seconds.fraction` with ten digits of seconds, because fewer would be read as a date. */
function milliseconds(value: number): string {
  const padded = String(Math.min(maxMs, Math.max(0, Math.round(value)))).padStart(13, '0');
  return `${padded.slice(0, -3)}.${padded.slice(-3)}`;
}
const maxMs = 9_999_999_999_999;
