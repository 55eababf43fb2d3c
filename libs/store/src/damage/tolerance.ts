/** Lets the embedded engine open tables of which much is damaged. */
import type { Engine } from '../engine.ts';

/**
 * By default the engine refuses to open its folder when a table has more than 100 damaged parts, or more than 1 GiB of
 * them, and one merged part may be larger. Damaged parts are moved aside at the start and never deleted.
 */
const settings = { max_suspicious_broken_parts: 1_000_000_000, max_suspicious_broken_parts_bytes: 1e15 } as const;

/** Alters the tables that do not have the settings yet. */
export async function tolerateDamage(engine: Pick<Engine, 'select' | 'command'>): Promise<void> {
  const tables = await engine.select<{ name: string; ddl: string }>({
    sql: "SELECT name, create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
    params: {},
  });
  const pairs = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  for (const { name, ddl } of tables)
    if (!pairs.every((pair) => ddl.includes(pair)))
      await engine.command(`ALTER TABLE ${name} MODIFY SETTING ${pairs.join(', ')}`);
}
