import type { DatabaseSync } from 'node:sqlite';
import type { CompactSlice, ExpireSlice } from './protocol.ts';
import { inTransaction } from './transaction.ts';

/** Rows per slice. Cleaning shares its thread with publishing, so a slice must take a few milliseconds at most. */
const sliceRows = 500;

/**
 * Compacts one slice, starting where the last one ended: removes records that a later record of the same key replaces,
 * then old tombstones. The newest record always stays, because it holds the partition's end. Returns whether more is
 * left.
 */
export function compactSlice(database: DatabaseSync, table: string, slice: CompactSlice): boolean {
  return inTransaction(database, () => {
    const from = cleanedUpTo(database, table);
    const rows = database
      .prepare(
        `SELECT offset, key FROM ${table} WHERE offset >= ? AND timestamp < ? ORDER BY offset LIMIT ${sliceRows}`,
      )
      .all(from, slice.beforeMs) as { offset: number; key: string }[];
    const removeOlder = database.prepare(`DELETE FROM ${table} WHERE key = ? AND offset < ?`);
    for (const { key, offset } of rows) removeOlder.run(key, offset);
    const cleaned = (rows.at(-1)?.offset ?? from - 1) + 1;
    if (rows.length > 0) database.prepare('INSERT OR REPLACE INTO compaction VALUES (?, ?)').run(table, cleaned);
    const tombstones = removeTombstones(database, table, { cleaned, beforeMs: slice.tombstonesBeforeMs });
    return rows.length === sliceRows || tombstones === sliceRows;
  });
}

function cleanedUpTo(database: DatabaseSync, table: string): number {
  const row = database.prepare('SELECT cleaned FROM compaction WHERE name = ?').get(table);
  return Number(row?.['cleaned'] ?? 0);
}

function removeTombstones(
  database: DatabaseSync,
  table: string,
  { cleaned, beforeMs }: { cleaned: number; beforeMs: number },
): number {
  const removed = database
    .prepare(
      `DELETE FROM ${table} WHERE offset IN (SELECT offset FROM ${table} WHERE value IS NULL AND timestamp < ? AND offset < ?
        AND offset < (SELECT max(offset) FROM ${table}) LIMIT ${sliceRows})`,
    )
    .run(beforeMs, cleaned);
  return Number(removed.changes);
}

/**
 * Removes records older than the retention time, except those from `retainFrom` on and the newest one. Returns whether
 * more is left.
 */
export function expireSlice(database: DatabaseSync, table: string, slice: ExpireSlice): boolean {
  const rows = database
    .prepare(
      `SELECT offset, timestamp FROM ${table} WHERE offset < ? AND offset < (SELECT max(offset) FROM ${table})
        ORDER BY offset LIMIT ${sliceRows}`,
    )
    .all(slice.retainFrom) as { offset: number; timestamp: number }[];
  const last = rows.findLast((row) => row.timestamp < slice.beforeMs);
  if (last === undefined) return false;
  inTransaction(database, () => database.prepare(`DELETE FROM ${table} WHERE offset <= ?`).run(last.offset));
  return last === rows.at(-1) && rows.length === sliceRows;
}
