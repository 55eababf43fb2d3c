/** What a main.ts needs: signals and the exit code. Nothing else uses them. */
import type { Started } from './component.ts';
import { endProcess } from './end-process.ts';
import type { Logger } from './log.ts';
import { describeStartError } from './start-error.ts';

export interface RunOptions {
  readonly logger: Logger;
  /**
   * Starts everything. The process then runs until a signal arrives or `until` settles. `signal` is aborted when it
   * need not be finished.
   */
  readonly start: (signal: AbortSignal) => Promise<Started<unknown>>;
  /** Ends the process without a signal; resolves with the exit code. */
  readonly until?: Promise<number>;
}

/**
 * Starts, waits for SIGINT or SIGTERM, stops and exits: 0 after a clean stop or a signal during the start, 1 when start or stop failed. A second
 * signal ends the process at once. An uncaught error is logged and ends the process with code 70; the log is intact,
 * and a restart continues from it.
 */
export async function runMain({ logger, start, until }: RunOptions): Promise<never> {
  process.on('uncaughtException', (error) => crash(logger, error));
  process.on('unhandledRejection', (error) => crash(logger, error));
  const stopping = new AbortController();
  const ended = Promise.race([signalled(logger, stopping), ...(until === undefined ? [] : [until])]);
  let started: Started<unknown>;
  try {
    started = await start(stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) endProcess(0);
    process.stderr.write(`${describeStartError(error)}\n`);
    endProcess(1);
  }
  const code = await ended;
  try {
    await started.stop();
  } catch (error) {
    logger.error('stop failed', { error: error instanceof Error ? error.message : String(error) });
    endProcess(1);
  }
  process.exit(code);
}

function signalled(logger: Logger, stopping: AbortController): Promise<number> {
  return new Promise((resolve) => {
    let seen = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (seen) endProcess(130);
      seen = true;
      logger.info('stopping', { signal });
      stopping.abort();
      resolve(0);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function crash(logger: Logger, error: unknown): never {
  logger.error('uncaught error', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  endProcess(70);
}
