/** A server as a child process that can be started, stopped, killed and restarted. It never outlives this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { missingTool, ServerError } from './errors.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Receives all output of the server. */
  readonly logFile: string;
  /** Whether the server answers. A rejection means not yet. */
  readonly isReady: () => Promise<boolean>;
  readonly startTimeoutMs: number;
}

export interface ServerProcess {
  /** Resolves when the server answers. Rejects with a ServerError that shows the end of its log. */
  start(): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after ten seconds. Idempotent. */
  stop(): Promise<void>;
  /** Sends SIGKILL, like a power cut. Idempotent. */
  kill(): Promise<void>;
}

const askEveryMs = 100;
const stopTimeoutMs = 10_000;

/**
 * The server gets its own process group, so that Ctrl-C in a terminal reaches only this process. A guard in the group
 * waits for the end of a pipe that only this process holds. So the group ends however this process ends, even by
 * SIGKILL.
 */
const guarded = '(cat <&3 >/dev/null; kill -KILL 0) & exec "$@" 3<&-';

/** Creates a server without starting it. */
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
    // The group has already ended.
  }
}

function notUp({ name, command, logFile, startTimeoutMs }: ServerProcessOptions): ServerError {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  if (text.includes(`${command}: not found`)) return missingTool(command);
  const lines = text.trimEnd().split('\n').slice(-30).join('\n');
  return new ServerError(`${name} did not come up within ${startTimeoutMs} ms. The end of ${logFile}:\n${lines}`);
}
