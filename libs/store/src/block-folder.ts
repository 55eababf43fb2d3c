/** Hands blocks to the embedded engine as files. They live as long as their insert, so most never reach the disk. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export interface BlockFolder {
  /** Writes a block to a file, runs `work` with its path and removes it. */
  hold<Value>(bytes: Uint8Array, work: (path: string) => Promise<Value>): Promise<Value>;
}

/** Begins the names of this process's files. A process with the same number may have left others behind. */
const run = randomUUID();
let count = 0;

/**
 * Prepares nothing yet. The first `hold` creates the folder and removes what a crash left behind; by then the engine
 * has locked its folder, so no other process uses it. Two of these may share a folder.
 */
export function openBlockFolder(folder: string): BlockFolder {
  let isReady = false;
  const prepare = async () => {
    if (isReady) return;
    await mkdir(folder, { recursive: true });
    const left = (await readdir(folder)).filter((name) => name.endsWith(suffix) && !name.startsWith(run));
    for (const name of left) await rm(join(folder, name), { force: true });
    isReady = true;
  };
  return {
    hold: async (bytes, work) => {
      await prepare();
      count += 1;
      const path = resolve(join(folder, `${run}-${count}${suffix}`));
      try {
        await writeFile(path, bytes);
        return await work(path);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

const suffix = '.native';

/**
 * The end of an insert that reads a file. One thread keeps the rows in order and in one block. Without
 * `force_enable` the engine would drop the token of a SELECT that it cannot prove to be repeatable.
 */
export function selectBlock(path: string, structure: string): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  return `, max_threads = 1, deduplicate_insert_select = 'force_enable' SELECT * FROM file(${quoted(path)}, 'Native', ${quoted(structure)})`;
}
