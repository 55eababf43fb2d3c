/** The current time, in ms since the epoch. Code that needs time accepts a clock, and tests pass a scripted one. */
export type Clock = () => number;

/** The machine's clock. Only entry points use it. */
export const systemClock: Clock = () => Date.now();

export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before the next try, ms. `attempt` is the number of failures so far, from 1. Full jitter: drawn
 * evenly between 0 and the exponential step, so that callers do not return at the same moment. `random01` returns
 * numbers in [0, 1).
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: BackoffOptions, random01: () => number): number {
  const exponent = Math.min(Math.max(attempt, 1) - 1, 30);
  return Math.floor(Math.min(maxMs, baseMs * 2 ** exponent) * random01());
}

/** Resolves after `ms`, or at once when the signal is aborted. Never rejects; check `signal.aborted` afterwards. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
