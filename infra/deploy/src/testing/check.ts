/** For tests: reads deployment files with the tools that use them. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '../../../..');
const program = join(import.meta.dirname, '../../check');

export interface Checked<Item> {
  readonly objects: readonly Item[];
  readonly problems: readonly string[];
}

/** Runs the Go program of `infra/deploy/check`. The first call builds it. */
export async function check<Item>(command: 'kustomize' | 'compose', path: string): Promise<Checked<Item>> {
  const options = { cwd: program, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, GOFLAGS: '-mod=readonly' } };
  try {
    const { stdout } = await promisify(execFile)('go', ['run', '.', command, resolve(root, path)], options);
    return JSON.parse(stdout) as Checked<Item>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('this test needs Go 1.26 or newer: install it from https://go.dev/dl', { cause: error });
  }
}
