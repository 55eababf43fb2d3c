import { AppError, backoffMs, type Logger, sleep } from '@faultline/runtime';
import { busError } from './bus-error.ts';

export interface AssignmentRunnerOptions {
  readonly group: string;
  readonly partition: number;
  /**
   * Opens the assignment at its committed positions and runs its loop until `signal` is aborted; nothing of it is under way when it has resolved or
   * rejected. `onCommitted` is to be called after each commit: the failures before it no longer count.
   */
  readonly runOnce: (signal: AbortSignal, onCommitted: () => void) => Promise<void>;
  readonly logger: Logger;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** So many failures in a row that are not transient end the subscription. */
  readonly maxPermanentFailures: number;
  readonly onFailedForGood: (error: unknown) => void;
}

/** Keeps the loop of one assignment running until the assignment is revoked: again after a backoff when it throws. */
export class AssignmentRunner {
  readonly #options: AssignmentRunnerOptions;
  readonly #revoked = new AbortController();
  #failures = 0;
  #permanentFailures = 0;
  /** Resolves when the loop has returned. */
  readonly finished: Promise<void>;

  /** `after` is waited for first: whoever held the partition before. */
  constructor(options: AssignmentRunnerOptions, after: Promise<void>) {
    this.#options = options;
    this.finished = this.#run(after);
  }

  /** From now on nothing this assignment commits is written. */
  revoke(): void {
    this.#revoked.abort();
  }

  get isRevoked(): boolean {
    return this.#revoked.signal.aborted;
  }

  async #run(after: Promise<void>): Promise<void> {
    const { signal } = this.#revoked;
    await after;
    while (!signal.aborted) {
      const error = await this.#runOnce();
      if (signal.aborted || !this.#mayTryAgain(error)) return;
      await sleep(
        backoffMs(this.#failures, this.#options.backoff, () => 1),
        signal,
      );
    }
  }

  /** Gives the error the loop ended with; undefined when the assignment was revoked meanwhile. */
  async #runOnce(): Promise<unknown> {
    const { group, partition, runOnce } = this.#options;
    const { signal } = this.#revoked;
    try {
      await runOnce(signal, () => this.#onCommitted());
      return signal.aborted ? undefined : busError('BUS_LOOP_RETURNED', `group ${group}, assignment ${partition}`);
    } catch (error) {
      return error;
    }
  }

  #onCommitted(): void {
    this.#failures = 0;
    this.#permanentFailures = 0;
  }

  #mayTryAgain(error: unknown): boolean {
    const { logger, group, partition, maxPermanentFailures, onFailedForGood } = this.#options;
    const transient = error instanceof AppError && error.kind === 'transient';
    this.#failures += 1;
    if (!transient) this.#permanentFailures += 1;
    const fields = { group, partition, failures: this.#failures, error: describe(error) };
    if (transient || this.#permanentFailures < maxPermanentFailures) {
      logger.warn('an assignment failed and starts again at its committed positions', fields);
      return true;
    }
    logger.error('an assignment failed for good', fields);
    onFailedForGood(error);
    return false;
  }
}

function describe(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
