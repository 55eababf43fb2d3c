/** Sets aside definitions of tables that the embedded engine cannot read. It would not open its folder with them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DamagedPart } from './parts.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Moves damaged definitions of the folder of a closed engine to its subfolder `damaged`. Returns the names of their
 * tables. The migrations create them anew, empty; the rows stay on disk, unread.
 */
export function setAsideDamagedDefinitions(folder: string): readonly string[] {
  const definitions = join(folder, 'metadata', 'default');
  if (!existsSync(definitions)) return [];
  const damaged = readdirSync(definitions)
    .filter((name) => name.endsWith('.sql'))
    .filter((name) => !isDefinition(readFileSync(join(definitions, name))));
  for (const name of damaged) moveTo(join(folder, 'damaged'), definitions, name);
  return damaged.map((name) => name.slice(0, -'.sql'.length));
}

/** Definitions that were set aside, now or earlier, and are still there. */
export function listDamagedDefinitions(folder: string): readonly DamagedPart[] {
  const damaged = join(folder, 'damaged');
  if (!existsSync(damaged)) return [];
  return readdirSync(damaged).flatMap((file) => {
    const table = /^\d+-(.+)\.sql$/.exec(file)?.[1];
    return table === undefined
      ? []
      : [{ table, part: `definition ${file}`, rows: null, fromMs: null, toMs: null, folder: damaged }];
  });
}

/** The engine writes definitions as `ATTACH TABLE ...` or `ATTACH MATERIALIZED VIEW ...`. */
function isDefinition(bytes: Buffer): boolean {
  try {
    const text = decoder.decode(bytes);
    return text.startsWith('ATTACH ') && !text.includes('\0');
  } catch {
    return false;
  }
}

function moveTo(folder: string, from: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const free = Array.from({ length: 1_000 }, (_, number) => join(folder, `${number}-${name}`));
  const path = free.find((candidate) => !existsSync(candidate));
  if (path !== undefined) renameSync(join(from, name), path);
}
