/** Waits at the start for a server that is not up yet. */
import { AppError } from './error.ts';
import type { Logger } from './log.ts';
import { backoffMs, type Clock, sleep, systemClock } from './time.ts';

export interface AwaitedServer {
  /** The server and its address, for the log and the error: `Kafka at 127.0.0.1:9092`. */
  readonly what: string;
  /** How long to try, ms. 0 tries once. */
  readonly deadlineMs: number;
  /** The setting of the deadline. The error names it. */
  readonly setting: string;
}

export interface RetryStartOptions {
  readonly logger: Logger;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly pause?: typeof sleep;
}

const backoff = { baseMs: 500, maxMs: 5_000 };

/**
 * Repeats `work` while it rejects with a transient AppError. After each failure the log says what is awaited and how
 * long still. Rejects at once with any other error, and at the deadline with the last error's code.
 */
export async function retryStart<Value>(
  work: () => Promise<Value>,
  server: AwaitedServer,
  options: RetryStartOptions,
): Promise<Value> {
  const { logger, signal, clock = systemClock, pause = sleep } = options;
  const untilMs = clock() + server.deadlineMs;
  logger.info(`connecting to ${server.what}`, { deadlineSeconds: seconds(server.deadlineMs) });
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const leftMs = untilMs - clock();
      if (!(error instanceof AppError) || error.kind === 'permanent') throw error;
      if (leftMs <= 0 || isAborted(signal)) throw gaveUp(error, server);
      logger.warn(`waiting for ${server.what}`, { secondsLeft: seconds(leftMs), attempt, reason: error.message });
      await pause(Math.min(leftMs, backoffMs(attempt, backoff, Math.random)), signal);
      if (isAborted(signal)) throw gaveUp(error, server);
    }
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

function gaveUp(error: AppError, { what, deadlineMs, setting }: AwaitedServer): AppError {
  const text = `${what} did not respond within ${seconds(deadlineMs)} s (${setting}). ${error.message}`;
  return new AppError(error.code, text, { kind: error.kind, cause: error });
}

const seconds = (ms: number): number => Math.ceil(ms / 1000);
