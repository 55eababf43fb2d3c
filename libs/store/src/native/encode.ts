/** Encodes rows as blocks of ClickHouse's Native format, which the engine takes as they are: no text to parse. */
import { storeError } from '../translate-error.ts';
import { ByteWriter } from './byte-writer.ts';
import { type ColumnType, codecs } from './codecs.ts';

export type NativeColumns = Readonly<Record<string, ColumnType>>;

/** Limits of one block: it encodes in a tenth of a second, and a resource that each row repeats stays bounded. */
export interface BlockLimits {
  readonly rows: number;
  readonly bytes: number;
}
const defaultLimits: BlockLimits = { rows: 20_000, bytes: 64_000_000 };

type LooseRow = Readonly<Record<string, unknown>>;

/**
 * Yields blocks of consecutive rows. The same rows give the same blocks and bytes, so a repeat is recognised. Throws
 * STORE_REJECTED when a value does not fit its column.
 */
export function* encodeBlocks(
  columns: NativeColumns,
  rows: readonly LooseRow[],
  limits: BlockLimits = defaultLimits,
): Generator<Uint8Array<ArrayBufferLike>> {
  for (let from = 0; from < rows.length; ) {
    let count = Math.min(limits.rows, rows.length - from);
    let block = encodeBlock(columns, rows.slice(from, from + count), limits.bytes);
    // Halving repeats work, but only rows of many kilobytes get here.
    while (block === null) {
      count = count >> 1;
      block = encodeBlock(
        columns,
        rows.slice(from, from + count),
        count === 1 ? Number.POSITIVE_INFINITY : limits.bytes,
      );
    }
    yield block;
    from += count;
  }
}

/** Null when it would be larger than the limit and can be split. */
function encodeBlock(
  columns: NativeColumns,
  rows: readonly LooseRow[],
  maxBytes: number,
): Uint8Array<ArrayBufferLike> | null {
  const out = new ByteWriter();
  const entries = Object.entries(columns);
  out.varint(entries.length);
  out.varint(rows.length);
  for (const [name, type] of entries) {
    const codec = codecs[type];
    out.text(name);
    out.text(type);
    codec.prefix(out);
    try {
      codec.write(
        out,
        rows.map((row) => row[name]),
      );
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The text of the error must not contain the value.
      throw storeError('STORE_REJECTED', 'permanent', ` Column ${name}: ${error.message}.`);
    }
    if (out.length > maxBytes && rows.length > 1) return null;
  }
  return out.bytes();
}

/** The columns with their types, as the table function `file` takes them. */
export function structureOf(columns: NativeColumns): string {
  return Object.entries(columns)
    .map(([name, type]) => `\`${name}\` ${type}`)
    .join(', ');
}
