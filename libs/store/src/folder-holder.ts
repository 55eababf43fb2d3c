/** Whether another process has the engine's folder open. The engine locks its file `status`, and writes its process id there. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export function isHeld(folder: string): boolean {
  const path = join(folder, 'status');
  const inode = statSync(path, { throwIfNoEntry: false })?.ino;
  if (inode === undefined) return false;
  const locks = textOf('/proc/locks');
  return locks === null ? isOther(pidIn(textOf(path))) : hasLock(locks, inode);
}

/** A line of /proc/locks: `1: FLOCK  ADVISORY  WRITE 7840 fe:00:10780708 0 EOF`. Pure. */
export function hasLock(locks: string, inode: number): boolean {
  return locks.split('\n').some((line) => line.split(/\s+/).some((field) => field.endsWith(`:${inode}`)));
}

function pidIn(status: string | null): number {
  return Number(/^PID: (\d+)$/m.exec(status ?? '')?.[1] ?? 0);
}

/** Whether it is a living process other than this one. */
function isOther(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
