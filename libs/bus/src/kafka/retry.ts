import { sleep } from '@faultline/runtime';
import { decideFailure, type FailureKind, mayRetry } from './failure.ts';

export interface RetryOptions {
  /** Tries no longer than this, the last try's own time apart. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
  /** Called before the next try, after the pause. */
  readonly onFailure?: (kind: FailureKind, error: unknown) => void;
}

const firstPauseMs = 5;
const longestPauseMs = 250;

/** Tries again while trying may help and the budget lasts, with growing pauses; then throws the last error. */
export async function retrying<Value>(
  { budgetMs, signal, onFailure }: RetryOptions,
  work: () => Promise<Value>,
): Promise<Value> {
  const deadline = performance.now() + budgetMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      const kind = decideFailure(error);
      if (!mayRetry(kind) || signal?.aborted === true || performance.now() + pauseMs > deadline) throw error;
      await sleep(pauseMs, signal);
      onFailure?.(kind, error);
    }
  }
}
