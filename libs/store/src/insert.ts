import { columnsOf, isNative, type JsonTable, nativeColumnsOf } from './columns.ts';
import { encodePieces } from './encode.ts';
import type { Engine } from './engine.ts';
import { furtherSettings, type Layout, singleLayout } from './layout/layout.ts';
import { encodeBlocks, structureOf } from './native/encode.ts';
import type { Batch } from './rows.ts';

/**
 * One insert is one block whatever its size, because a block that is split differently has another identity.
 * `async_insert` must be off: it is on by default here and deduplicates by other rules. Views must see the token too.
 * One insert may hold rows of any number of days.
 */
const settings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  max_insert_block_size: 1_000_000,
  min_insert_block_size_rows: 1_000_000,
  min_insert_block_size_bytes: 1_073_741_824,
  max_insert_threads: 1,
  max_partitions_per_insert_block: 0,
} as const;

/** The statement of one batch as JSON. Pure. The token is quoted as a ClickHouse string. */
export function insertStatement(
  table: string,
  columns: readonly string[],
  token: string,
  layout = singleLayout,
): string {
  return `${insertInto(table, columns, token, layout)} FORMAT JSONCompactEachRow`;
}

/** The statement up to its data. */
export function insertInto(table: string, columns: readonly string[], token: string, layout = singleLayout): string {
  const quoted = `'${token.replace(/[\\']/g, '\\$&')}'`;
  const pairs = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `INSERT INTO ${table} (${columns.map((column) => `\`${column}\``).join(', ')}) SETTINGS ${pairs.join(', ')}, insert_deduplication_token = ${quoted}${furtherSettings(layout.insertSettings)}`;
}

type Writer = Pick<Engine, 'insert' | 'insertBlock'>;

/**
 * Writes batches in order; see `StoreWriter.insert`. The first piece of a batch has its token, the others the token and
 * a number. The next piece is encoded while the engine writes one.
 */
export async function insertBatches(
  engine: Writer,
  batches: readonly Batch[],
  layout: Layout = singleLayout,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for (const batch of batches) {
      let piece = 0;
      for (const write of piecesOf(engine, batch, layout)) {
        // Only encoding happens between the start of a write and this await, so no rejection stays unhandled.
        await writing;
        writing = write(piece === 0 ? batch.token : `${batch.token}#${piece}`);
        piece += 1;
      }
    }
  } finally {
    // Encoding may have thrown. The write before it must have ended when the caller repeats the batch.
    await writing;
  }
}

type WritePiece = (token: string) => Promise<void>;

/** Encodes each piece when it is asked for. */
function* piecesOf(engine: Writer, batch: Batch, layout: Layout): Generator<WritePiece, undefined> {
  const { table } = batch;
  const names = Object.keys(columnsOf[table]);
  if (isNative(table)) {
    const columns = nativeColumnsOf[table];
    const structure = structureOf(columns);
    // The row types of rows.ts guarantee the names of the columns.
    const rows = batch.rows as readonly unknown[] as readonly Readonly<Record<string, unknown>>[];
    for (const bytes of encodeBlocks(columns, rows))
      yield (token) => engine.insertBlock(insertInto(table, names, token, layout), { bytes, structure });
    return;
  }
  for (const body of encodePieces(batch as Extract<Batch, { table: JsonTable }>))
    yield (token) => engine.insert(insertStatement(table, names, token, layout), body);
}
