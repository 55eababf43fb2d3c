/**
 * Encodes rows as the body of an insert in ClickHouse's JSONCompactEachRow: one JSON array per line, in the order of
 * `columnsOf`. One JSON.stringify per row is ten times as fast as one per cell (figures in
 * docs/measurements.md).
 */
import type { Histogram } from '@faultline/model';
import { columnsOf, type Encoding } from './columns.ts';
import type { Batch, TableName } from './rows.ts';

type LooseRow = Readonly<Record<string, unknown>>;

/** Limits of one piece: it encodes in a tenth of a second and stays far below the longest JavaScript string. */
export interface PieceLimits {
  readonly rows: number;
  readonly chars: number;
}
const defaultLimits: PieceLimits = { rows: 20_000, chars: 64_000_000 };

/** The columns of a table in the order of `encodePieces`. */
export function columnNames(table: TableName): readonly string[] {
  return Object.keys(columnsOf[table]);
}

/**
 * Encodes the rows of a batch as bodies of inserts. The same rows give the same pieces and bytes, so a repeat is
 * recognised.
 */
export function* encodePieces(batch: Batch, limits: PieceLimits = defaultLimits): Generator<string> {
  const cells = Object.entries(columnsOf[batch.table]).map(([name, kind]) => ({ name, convert: converterOf[kind] }));
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

/** Converts a value to what JSON can hold; null when it needs no conversion. 64-bit numbers become text. */
const converterOf: { readonly [Kind in Encoding]: ((value: unknown) => unknown) | null } = {
  plain: null,
  ns: (value) => nanoseconds(value as bigint),
  ms: (value) => (value === null ? null : milliseconds(value as number)),
  second: (value) => Math.min(maxSecond, Math.floor(Math.max(0, value as number) / 1000)),
  big: (value) => (value as bigint).toString(),
  'ns[]': (value) => (value as readonly bigint[]).map(nanoseconds),
  'big[]': (value) => (value as readonly bigint[]).map(String),
  buckets: (value) => Object.fromEntries(value as Histogram),
};

const maxSecond = 2 ** 32 - 1;

/**
 * Matches `\ud8..` where JSON.stringify escaped half a surrogate pair, but not where the text itself has it behind
 * another backslash.
 */
const loneSurrogate = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Half a surrogate pair would make the engine refuse the whole insert. */
function wellFormed(body: string): string {
  return body.includes('\\ud') ? body.replace(loneSurrogate, '$1\\ufffd') : body;
}

/**
 * Writes `seconds.fraction` with ten digits of seconds, because fewer would be read as a date. Times outside 1970 to
 * 2262, which a sender may well claim, are moved to that range; otherwise one of them would make the engine refuse the
 * whole insert.
 */
function nanoseconds(value: bigint): string {
  return fraction((value < 0n ? 0n : value > maxNs ? maxNs : value).toString(), 9);
}
const maxNs = 2n ** 63n - 1n;

function milliseconds(value: number): string {
  return fraction(String(Math.min(maxMs, Math.max(0, Math.round(value)))), 3);
}
const maxMs = 9_999_999_999_999;

function fraction(digits: string, decimals: number): string {
  const padded = digits.padStart(10 + decimals, '0');
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}
