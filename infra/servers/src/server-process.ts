/** A server as a child process: started, asked until it answers, stopped, killed, started again. It never outlives this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { missingTool, ServerError } from './errors.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Everything the server prints goes here. */
  readonly logFile: string;
  /** Asks the server whether it serves. A rejection means not yet. */
  readonly isReady: () => Promise<boolean>;
  readonly startTimeoutMs: number;
}

export interface ServerProcess {
  /** Resolves when the server answers. Rejects with a ServerError that shows the end of its log. */
  start(): Promise<void>;
  /** Asks it to end, and kills it after ten seconds. Safe to call twice. */
  stop(): Promise<void>;
  /** Kills it at once, as a power cut would. Safe to call twice. */
  kill(): Promise<void>;
}

const askEveryMs = 100;
const stopTimeoutMs = 10_000;

/**
 * The server is put into a process group of its own, so that Ctrl-C in a terminal reaches only us, together with a guard: it waits for the
 * end of a pipe that only we hold, and so ends the group however we end, a kill included.
 */
const guarded = '(cat <&3 >/dev/null; kill -KILL 0) & exec "$@" 3<&-';

/** A server that is not running yet. */
export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  const launch = () => {
    const launched = spawnGuarded(options);
    child = launched;
    ended = new Promise((resolve) => {
      launched.once('error', () => resolve());
      launched.once('exit', () => {
        signalGroup(launched, 'SIGKILL');
        if (child === launched) child = null;
        resolve();
      });
    });
  };
  const answers = () => options.isReady().catch(() => false);
  const kill = async () => {
    if (child !== null) signalGroup(child, 'SIGKILL');
    await ended;
  };
  return {
    start: async () => {
      if (child !== null) return;
      if (await answers()) throw new ServerError(`${options.name}: another process serves its address already.`);
      launch();
      const late = Date.now() + options.startTimeoutMs;
      while (!(await answers())) {
        if (child !== null && Date.now() < late) await delay(askEveryMs);
        else await kill().then(() => Promise.reject(notUp(options)));
      }
    },
    stop: async () => {
      child?.kill('SIGTERM');
      const timer = setTimeout(() => void kill(), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
    kill,
  };
}

function spawnGuarded({ command, args, env, logFile }: ServerProcessOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn('/bin/sh', ['-c', guarded, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  return child;
}

/** The whole group: the server and its guard. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

function notUp({ name, command, logFile, startTimeoutMs }: ServerProcessOptions): ServerError {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  if (text.includes(`${command}: not found`)) return missingTool(command);
  const lines = text.trimEnd().split('\n').slice(-30).join('\n');
  return new ServerError(`${name} did not come up within ${startTimeoutMs} ms. The end of ${logFile}:\n${lines}`);
}
