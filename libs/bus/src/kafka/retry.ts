import { sleep } from '@faultline/runtime';
import { decideFailure, type FailureKind, mayRetry } from './failure.ts';

export interface RetryOptions {
  /** No try starts later than this. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
  /** Called after the pause, before the next try. */
  readonly onFailure?: (kind: FailureKind, error: unknown) => void;
}

const firstPauseMs = 5;
const longestPauseMs = 250;

/** Retries with growing pauses while a retry may succeed and the budget lasts. Then throws the last error. */
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
