import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { busError, errorOf } from '../bus-error.ts';
import { decideOpenCode, failureWhileOpening } from './failure.ts';
import { lockFileName } from './names.ts';

/**
 * Locks the folder for this process and creates it when missing. Returns the function that unlocks it. It is a lock of
 * the operating system on a file, so it ends with the process however that ends. Throws BUS_FOLDER_LOCKED while another
 * process holds it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, lockFileName);
  const holderPath = join(folder, 'lock.holder');
  const database = openLock(folder, path);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    writeFileSync(holderPath, String(process.pid));
  } catch (error) {
    database.close();
    const code = decideOpenCode(error) ?? 'BUS_FOLDER_UNUSABLE';
    const holder = code === 'BUS_FOLDER_LOCKED' ? ` is held by ${readHolder(holderPath)}` : `: ${String(error)}`;
    throw busError(code, `${folder}${holder}`, error);
  }
  return () => database.close();
}

function openLock(folder: string, path: string): DatabaseSync {
  try {
    mkdirSync(folder, { recursive: true });
    return new DatabaseSync(path);
  } catch (error) {
    throw errorOf(failureWhileOpening(error, folder), error);
  }
}

function readHolder(path: string): string {
  try {
    return `process ${readFileSync(path, 'utf8')}`;
  } catch {
    return 'another process';
  }
}
