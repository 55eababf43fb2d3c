import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface OpenFolder {
  readonly path: string;
  readonly isTemporary: boolean;
  /** Deletes the folder if it is temporary. */
  remove(): void;
}

/** Returns the given folder, which stays, or a new temporary one. */
export function openFolder(name: string, folder: string | undefined): OpenFolder {
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    return { path: resolve(folder), isTemporary: false, remove: () => {} };
  }
  const path = mkdtempSync(join(tmpdir(), `faultline-${name}-`));
  return { path, isTemporary: true, remove: () => rmSync(path, { recursive: true, force: true }) };
}
