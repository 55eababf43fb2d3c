import { AppError, backoffMs, type Logger, sleep } from '@faultline/runtime';
import { busError } from './bus-error.ts';

export interface AssignmentRunnerOptions {
  readonly group: string;
  readonly partition: number;
  /**
   * Opens the assignment at its committed positions and runs its loop until `signal` is aborted. No work may be under
   * way after it resolves or rejects. It must call `onCommitted` after each commit, which resets the count of failures.
   */
  readonly runOnce: (signal: AbortSignal, onCommitted: () => void) => Promise<void>;
  readonly logger: Logger;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** After this many consecutive errors that are not transient, the subscription fails. */
  readonly maxPermanentFailures: number;
  readonly onFailedForGood: (error: unknown) => void;
}

/** Runs the loop of one assignment until the partition is revoked. Restarts it after a backoff when it throws. */
export class AssignmentRunner {
  readonly #options: AssignmentRunnerOptions;
  readonly #revoked = new AbortController();
  #failures = 0;
  #permanentFailures = 0;
  /** Resolves when the loop has returned. */
  readonly finished: Promise<void>;

  /** Waits for `after` first: the end of the partition's former holder. */
  constructor(options: AssignmentRunnerOptions, after: Promise<void>) {
    this.#options = options;
    this.finished = this.#run(after);
  }

  /** Ends the assignment. Later commits are refused. */
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

  /** Returns the error that ended the loop; undefined when the partition was revoked meanwhile. */
  async #runOnce(): Promise<unknown> {
    const { group, partition, runOnce } = this.#options;
    const { signal } = this.#revoked;
    try {
      await runOnce(signal, () => this.#onCommitted());
      return signal.aborted ? undefined : busError('BUS_LOOP_RETURNED', `group ${group}, partition ${partition}`);
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
      logger.warn('the loop of a partition failed and restarts at its committed positions', fields);
      return true;
    }
    logger.error('the loop of a partition failed permanently', fields);
    onFailedForGood(error);
    return false;
  }
}

function describe(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
