/** Finds damaged parts of the embedded engine's tables and detaches them: the engine ignores them from then on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { quoted } from '../quoted.ts';
import { rawTables, windowTables } from '../retention.ts';

/** A part that was set aside, and what is missing without it. */
export interface DamagedPart {
  readonly table: string;
  /** Its name, which no other part of the table ever has. */
  readonly part: string;
  /** Null when the damage hides it. */
  readonly rows: number | null;
  /** The time of its rows, ms. `toMs` is exclusive. Null for a table without partitions by time. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Where its files are now. */
  readonly folder: string;
}

type Runner = Pick<Engine, 'select' | 'command'>;

/**
 * Checks the parts of every table, and detaches those whose files do not match their checksums. Reads all data once. A part must fail twice
 * while the folder is there: what a folder holds that is gone for seconds, such as a mount that is lost, is not damaged.
 */
export async function detachDamaged(engine: Runner, isThere: () => boolean): Promise<void> {
  const tables = await engine.select<{ name: string }>({
    sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name",
    params: {},
  });
  for (const { name } of tables)
    for (const part of await failedParts(engine, name)) {
      const stillFails = isThere() && (await failedParts(engine, name, part)).length > 0;
      if (stillFails && isThere()) await engine.command(`ALTER TABLE ${name} DETACH PART ${quoted(part)}`);
    }
}

/** `part`: only this one. */
async function failedParts(engine: Runner, table: string, part?: string): Promise<readonly string[]> {
  const only = part === undefined ? '' : ` PART ${quoted(part)}`;
  const checked = await engine.select<{ part_path: string; is_passed: number }>({
    sql: `CHECK TABLE ${table}${only} SETTINGS check_query_single_value_result = 0, max_threads = 1`,
    params: {},
  });
  return checked.filter(({ is_passed: passed }) => passed === 0).map(({ part_path: part }) => part);
}

interface DetachedRow {
  readonly table: string;
  readonly name: string;
  readonly partition: string;
  readonly path: string;
}

/** All parts that are set aside now, by the engine at its start or by us. */
export async function listDetached(engine: Pick<Engine, 'select'>): Promise<readonly DamagedPart[]> {
  const rows = await engine.select<DetachedRow>({
    sql: `SELECT table, name, ifNull(partition_id, '') AS partition, path FROM system.detached_parts
WHERE database = currentDatabase() ORDER BY table, name`,
    params: {},
  });
  return rows.map(({ table, name: part, partition, path: folder }) => ({
    table,
    part,
    rows: countOf(folder),
    ...rangeOf(table, partition),
    folder,
  }));
}

/** The engine writes the number of rows beside them. */
function countOf(folder: string): number | null {
  try {
    const text = readFileSync(join(folder, 'count.txt'), 'utf8');
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/** Raw tables have a partition per day, tables of windows one per week that begins on Monday: `20261130`. */
export function rangeOf(table: string, partition: string): Pick<DamagedPart, 'fromMs' | 'toMs'> {
  const days = rawTables.has(table) ? 1 : windowTables.has(table) ? 7 : null;
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(partition);
  if (days === null || date === null) return { fromMs: null, toMs: null };
  const fromMs = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  return { fromMs, toMs: fromMs + days * dayMs };
}
