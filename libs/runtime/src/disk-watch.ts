/** Says in health that a disk is full, while it is. */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Health } from './health.ts';
import type { Logger } from './log.ts';

export interface DiskWatchOptions {
  /** The part in health, such as `bus-disk`. */
  readonly part: string;
  /** What the folder holds, for people: `the log`. */
  readonly holds: string;
  readonly folder: string;
  readonly logger: Logger;
  readonly health: Health | undefined;
  /** Default: `isDiskFull`. */
  readonly isFull?: (folder: string) => boolean;
  /** Time between looks at a full disk, ms. */
  readonly everyMs?: number;
}

/** A full disk is looked at again until it has room. */
export interface DiskWatch {
  /** A write failed for an unknown reason. Looks whether the disk is full. */
  failed(): void;
  /** The disk refused a write, by the code of its error. */
  full(): void;
  stop(): void;
}

export function createDiskWatch(options: DiskWatchOptions): DiskWatch {
  const { part, holds, folder, logger, health, isFull = isDiskFull, everyMs = 5_000 } = options;
  let timer: NodeJS.Timeout | null = null;
  const end = () => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    health?.remove(part);
    logger.info('the disk has room again', { part, folder });
  };
  const begin = () => {
    if (timer !== null) return;
    logger.error('the disk is full', { part, folder });
    const since = new Date().toISOString();
    const detail = `the disk of ${folder}, which holds ${holds}, is full since ${since}. Free some space: Faultline goes on by itself`;
    health?.set(part, { ok: false, detail });
    timer = setInterval(() => (isFull(folder) ? undefined : end()), everyMs);
    timer.unref();
  };
  return {
    failed: () => {
      if (timer === null && isFull(folder)) begin();
    },
    full: begin,
    stop: () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      health?.remove(part);
    },
  };
}

/** A batch of the log and an insert of the store fit into it. */
const roomBytes = 16 * 1024 * 1024;
const probeBytes = 64 * 1024;
const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/** Whether a folder has too little room to write. Writes a small file, because a quota does not show otherwise. */
export function isDiskFull(folder: string): boolean {
  const path = join(folder, `.room-${process.pid}`);
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < roomBytes) return true;
    const file = openSync(path, 'w');
    try {
      writeSync(file, Buffer.alloc(probeBytes));
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(path, { force: true });
    }
    return false;
  } catch (error) {
    return fullCodes.has((error as NodeJS.ErrnoException).code ?? '');
  }
}
