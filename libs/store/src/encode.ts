/**
 * Rows to the body of an insert, in ClickHouse's JSONCompactEachRow: one JSON array a line, in the order of `columnsOf`. One
 * JSON.stringify for a whole row is ten times as fast as one for each cell (docs/measurements.md has the figures).
 */
import type { Histogram } from '@faultline/model';
import { columnsOf, type Encoding } from './columns.ts';
import type { Batch, TableName } from './rows.ts';

type LooseRow = Readonly<Record<string, unknown>>;

/** Limits of one piece: what encodes in a tenth of a second, and stays far from the longest string that JavaScript can hold. */
export interface PieceLimits {
  readonly rows: number;
  readonly chars: number;
}
const defaultLimits: PieceLimits = { rows: 20_000, chars: 64_000_000 };

/** The columns of a table in the order of `encodePieces`. */
export function columnNames(table: TableName): readonly string[] {
  return Object.keys(columnsOf[table]);
}

/** The rows of a batch as bodies of inserts. Pure: the same rows give the same pieces and bytes, which is what makes a repeat one. */
export function* encodePieces(batch: Batch, limits: PieceLimits = defaultLimits): Generator<string> {
  const cells = Object.entries(columnsOf[batch.table]).map(([name, kind]) => ({ name, convert: converterOf[kind] }));
  let lines: string[] = [];
  let chars = 0;
  // The row types of rows.ts vouch for what each converter is given.
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

/** To what JSON can hold; null: it can already. 64-bit numbers travel as text. */
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

/** `\ud8..` as JSON.stringify writes half a surrogate pair, and not as the text itself may have it, behind another backslash. */
const loneSurrogate = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Half a pair would make the engine refuse the whole insert. */
function wellFormed(body: string): string {
  return body.includes('\\ud') ? body.replace(loneSurrogate, '$1\\ufffd') : body;
}

/**
 * As `seconds.fraction` with ten digits of seconds: fewer would be read as a date. Times outside 1970 to 2262, which a sender may well
 * claim, go to that range's ends: the whole insert would be refused for one of them.
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
