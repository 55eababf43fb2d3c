/** The time now, in ms since the epoch. Time is an input: what needs it takes a clock, and tests pass a scripted one. */
export type Clock = () => number;

/** The machine's clock. Only shells pass it on. */
export const systemClock: Clock = () => Date.now();

export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before the next try, ms. `attempt` counts the failures so far, from 1. Full jitter: evenly drawn between 0 and the
 * exponential step, so that many callers do not come back at the same moment. `random01` gives numbers in [0, 1).
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: BackoffOptions, random01: () => number): number {
  const exponent = Math.min(Math.max(attempt, 1) - 1, 30);
  return Math.floor(Math.min(maxMs, baseMs * 2 ** exponent) * random01());
}

/** Resolves after `ms`, or at once when the signal is aborted: never rejects, so look at `signal.aborted` after it. */
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
