import { columnNames, encodePieces } from './encode.ts';
import type { Engine } from './engine.ts';
import { furtherSettings, type Layout, singleLayout } from './layout/layout.ts';
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

/** The statement of one batch. Pure. The token is quoted as a ClickHouse string. */
export function insertStatement(
  table: string,
  columns: readonly string[],
  token: string,
  layout = singleLayout,
): string {
  const quoted = `'${token.replace(/[\\']/g, '\\$&')}'`;
  const pairs = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `INSERT INTO ${table} (${columns.map((column) => `\`${column}\``).join(', ')}) SETTINGS ${pairs.join(', ')}, insert_deduplication_token = ${quoted}${furtherSettings(layout.insertSettings)} FORMAT JSONCompactEachRow`;
}

/**
 * Writes batches in order; see `StoreWriter.insert`. The first piece of a batch has its token, the others the token and
 * a number. The next piece is encoded while the engine writes one.
 */
export async function insertBatches(
  engine: Pick<Engine, 'insert'>,
  batches: readonly Batch[],
  layout: Layout = singleLayout,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  for (const batch of batches) {
    let piece = 0;
    for (const body of encodePieces(batch)) {
      // Only encoding happens between the start of a write and this await, so no rejection stays unhandled.
      await writing;
      const token = piece === 0 ? batch.token : `${batch.token}#${piece}`;
      writing = engine.insert(insertStatement(batch.table, columnNames(batch.table), token, layout), body);
      piece += 1;
    }
  }
  await writing;
}
