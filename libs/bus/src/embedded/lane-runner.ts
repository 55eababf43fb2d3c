import { AppError, backoffMs, type Logger, sleep } from '@faultline/runtime';
import type { SubscribeOptions } from '../port.ts';
import { busError } from './bus-error.ts';
import { EmbeddedLane, type LaneLog } from './lane.ts';

export interface LaneRunnerOptions {
  readonly log: LaneLog;
  readonly logger: Logger;
  readonly subscribe: SubscribeOptions;
  readonly partition: number;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** So many failures in a row that are not transient end the subscription. */
  readonly maxPermanentFailures: number;
  readonly onFailedForGood: (error: unknown) => void;
}

/** Keeps the loop of one lane running until the lane is revoked: again after a backoff when it throws. */
export class LaneRunner {
  readonly #options: LaneRunnerOptions;
  readonly #revoked = new AbortController();
  #failures = 0;
  #permanentFailures = 0;
  /** Resolves when the loop has returned. */
  readonly finished: Promise<void>;

  /** `after` is waited for first: whoever held the partition before. */
  constructor(options: LaneRunnerOptions, after: Promise<void>) {
    this.#options = options;
    this.finished = this.#run(after);
  }

  /** From now on nothing this lane commits is written. */
  revoke(): void {
    this.#revoked.abort();
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

  /** Gives the error the loop ended with; undefined when the lane was revoked meanwhile. */
  async #runOnce(): Promise<unknown> {
    const { log, subscribe, partition } = this.#options;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#revoked.signal, ended.signal]);
    try {
      // A commit of the former holder may be on its way to the disk: positions are only right after it.
      await log.writer.settled();
      if (signal.aborted) return undefined;
      await subscribe.run(
        new EmbeddedLane({ ...subscribe, log, partition, signal, onCommitted: () => this.#onCommitted() }),
      );
      return signal.aborted ? undefined : busError('BUS_LOOP_RETURNED', `group ${subscribe.group}, lane ${partition}`);
    } catch (error) {
      return error;
    } finally {
      ended.abort();
    }
  }

  #onCommitted(): void {
    this.#failures = 0;
    this.#permanentFailures = 0;
  }

  #mayTryAgain(error: unknown): boolean {
    const { logger, subscribe, partition, maxPermanentFailures, onFailedForGood } = this.#options;
    const transient = error instanceof AppError && error.kind === 'transient';
    this.#failures += 1;
    if (!transient) this.#permanentFailures += 1;
    const fields = { group: subscribe.group, partition, failures: this.#failures, error: describe(error) };
    if (transient || this.#permanentFailures < maxPermanentFailures) {
      logger.warn('a lane failed and starts again at its committed positions', fields);
      return true;
    }
    logger.error('a lane failed for good', fields);
    onFailedForGood(error);
    return false;
  }
}

function describe(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
