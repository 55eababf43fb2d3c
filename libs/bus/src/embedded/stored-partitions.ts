import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mainFileName } from './names.ts';

/**
 * The number of telemetry partitions that a log was created with. Null when there is no log in the folder, or when it
 * cannot be read: the start of the log then says why.
 */
export function storedTelemetryPartitions(folder: string): number | null {
  const path = join(folder, mainFileName);
  if (!existsSync(path)) return null;
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const row = database.prepare("SELECT value FROM meta WHERE name = 'partitions'").get();
    return telemetryOf(JSON.parse(String(row?.['value'])));
  } catch {
    return null;
  } finally {
    database?.close();
  }
}

function telemetryOf(counts: unknown): number | null {
  if (typeof counts !== 'object' || counts === null || !('telemetry' in counts)) return null;
  return typeof counts.telemetry === 'number' ? counts.telemetry : null;
}
