/** One Faultline process under a supervisor, which restarts it whenever it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const main = join(import.meta.dirname, '../../../services/all/src/main.ts');
/** Short, so that a run sees many restarts. Orchestrators back off longer. */
const restartAfterMs = 300;

interface InstanceOptions {
  /** The name in logs and file names, such as `correlator-0`. */
  readonly name: string;
  /** The service to run. Null: all services. */
  readonly only: string | null;
  readonly config: object;
  /** Holds the configuration and the log. */
  readonly folder: string;
  /** Replaces Faultline's main, to inject faults inside the process. */
  readonly program?: string;
}

/** How often a process ended, and how. */
export interface InstanceCounts {
  readonly starts: number;
  readonly killed: number;
  /** Exits without a request: a failed partition assignment, or a crash. */
  readonly ownExits: number;
  /** Log lines of level warn and above, by message. */
  readonly complaints: Readonly<Record<string, number>>;
}

export interface Instance {
  readonly name: string;
  /** Resolves when the process says that it is up. Rejects with its log after three failed starts. */
  start(): Promise<void>;
  /** Sends SIGKILL. The supervisor restarts the process. */
  kill(): void;
  /** SIGSTOP and SIGCONT: the process misses its session and resumes as a zombie. */
  freeze(): void;
  thaw(): void;
  /** Stops the process and the supervisor. Sends SIGKILL after `patienceMs`. Resolves with the exit code. */
  stop(patienceMs?: number): Promise<number | null>;
  counts(): InstanceCounts;
  /** The last lines of its output. */
  tail(lines?: number): string;
}

const keptLines = 400;
const stopPatienceMs = 25_000;
const maxFailedStarts = 3;

/** Creates an instance without starting it. */
export function createInstance(options: InstanceOptions): Instance {
  const { name, folder, config, only, program = main } = options;
  const configFile = join(folder, `${name}.json`);
  writeFileSync(configFile, JSON.stringify(config));
  const args = [program, '--config', configFile, ...(only === null ? [] : ['--only', only])];
  const logFile = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
  const lines: string[] = [];
  const counts = { starts: 0, killed: 0, ownExits: 0, complaints: {} as Record<string, number> };
  let wanted = false;
  let child: ChildProcess | null = null;
  let ended: Promise<number | null> = Promise.resolve(null);
  let up = Promise.withResolvers<void>();

  const note = (text: string): void => {
    logFile.write(text);
    const news = text.split('\n').filter((line) => line !== '');
    for (const complaint of news.flatMap(complaintIn))
      counts.complaints[complaint] = (counts.complaints[complaint] ?? 0) + 1;
    lines.push(...news);
    lines.splice(0, Math.max(0, lines.length - keptLines));
  };

  const launch = (): void => {
    counts.starts += 1;
    const launched = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child = launched;
    launched.stdout.on('data', (chunk: Buffer) => {
      note(chunk.toString());
      if (chunk.toString().includes('Faultline is up')) up.resolve();
    });
    launched.stderr.on('data', (chunk: Buffer) => note(chunk.toString()));
    ended = new Promise((resolve) => launched.once('close', (code) => resolve(code)));
    void ended.then((code) => onEnd(launched, code));
  };

  const onEnd = async (launched: ChildProcess, code: number | null): Promise<void> => {
    if (launched.signalCode !== 'SIGKILL' && wanted) counts.ownExits += 1;
    note(`-- ${name} ended with ${code ?? launched.signalCode}\n`);
    if (!wanted) return;
    if (counts.ownExits >= maxFailedStarts)
      up.reject(new Error(`${name} does not come up:\n${lines.slice(-40).join('\n')}`));
    await delay(restartAfterMs);
    if (wanted) launch();
  };

  return {
    name,
    start: () => {
      wanted = true;
      up = Promise.withResolvers();
      launch();
      return up.promise;
    },
    kill: () => {
      counts.killed += 1;
      child?.kill('SIGKILL');
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: async (patienceMs = stopPatienceMs) => {
      wanted = false;
      child?.kill('SIGCONT');
      child?.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), patienceMs);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    counts: () => ({ ...counts, complaints: { ...counts.complaints } }),
    tail: (count = 40) => lines.slice(-count).join('\n'),
  };
}

/**
 * The message of a log line of level warn and above. Returns nothing for other lines, and for a line that was split
 * between two chunks.
 */
function complaintIn(line: string): string[] {
  if (!line.startsWith('{')) return [];
  try {
    const { level, message } = JSON.parse(line) as { level?: string; message?: string };
    return (level === 'warn' || level === 'error') && message !== undefined ? [message] : [];
  } catch {
    return [];
  }
}
