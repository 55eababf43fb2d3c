/** Hands blocks to the embedded engine as files. They live as long as their insert, so most never reach the disk. */
import { mkdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export interface BlockFolder {
  /** Writes a block to a file, runs `work` with its path and removes it. */
  hold<Value>(bytes: Uint8Array, work: (path: string) => Promise<Value>): Promise<Value>;
}

/** Creates the folder, or empties it of what a crash left behind. */
export function openBlockFolder(folder: string): BlockFolder {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return {
    hold: async (bytes, work) => {
      count += 1;
      const path = resolve(join(folder, `${count}.native`));
      try {
        await writeFile(path, bytes);
        return await work(path);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

/**
 * The end of an insert that reads a file. One thread keeps the rows in order and in one block. Without
 * `force_enable` the engine would drop the token of a SELECT that it cannot prove to be repeatable.
 */
export function selectBlock(path: string, structure: string): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  return `, max_threads = 1, deduplicate_insert_select = 'force_enable' SELECT * FROM file(${quoted(path)}, 'Native', ${quoted(structure)})`;
}
