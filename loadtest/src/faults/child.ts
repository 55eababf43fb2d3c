/** Faultline in a child process that tests can kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../../services/all/src/main.ts');

export interface Child {
  /** Kills the process with SIGKILL and restarts it on the same data. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
  /** Stderr of the processes, for the message of a failing test. */
  errors(): string;
}

/**
 * Starts the process on `folder`, and resolves when it is up. Writes the configuration there as JSON, which is valid
 * YAML.
 */
export async function startChild(folder: string, config: object): Promise<Child> {
  const file = join(folder, 'faultline.yaml');
  writeFileSync(file, JSON.stringify(config));
  const errors: string[] = [];
  const launch = (): Promise<ChildProcess> => launchProcess(['--config', file, '--data', folder], errors);
  let running = await launch();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  return {
    killAndRestart: async () => {
      await end('SIGKILL');
      running = await launch();
    },
    stop: () => end('SIGTERM'),
    errors: () => errors.join(''),
  };
}

function launchProcess(args: readonly string[], errors: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was up: ${errors.join('')}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('Faultline is up')) return;
      child.removeAllListeners('exit');
      resolve(child);
    });
  });
}
