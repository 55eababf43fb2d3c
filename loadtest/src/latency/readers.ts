import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface ReadersOptions {
  readonly http: string;
  readonly tenant: string;
  readonly services: number;
  /** Open watches, and heavy queries in flight. */
  readonly watches: number;
  readonly queries: number;
}

/** Starts readers in a process of their own. Returns the function that ends them. */
export async function startReaders(options: ReadersOptions): Promise<() => void> {
  const child = fork(join(import.meta.dirname, 'readers-child.ts'));
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the readers ended before they were ready')));
  const ready = once(child, 'message');
  child.send(options);
  await Promise.race([ready, failed]);
  failed.catch(() => {});
  return () => child.disconnect();
}
