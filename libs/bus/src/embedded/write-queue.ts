import { busError } from '../bus-error.ts';

/** Work that waits to be written. */
export interface Queued<Work> {
  readonly work: Work;
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

export interface WriteQueueOptions<Work> {
  /**
   * Writes all entries as one unit and resolves or rejects each. When it throws, the entries it did not settle are
   * rejected with that error.
   */
  readonly flush: (entries: readonly Queued<Work>[]) => Promise<void>;
  /** `push` refuses when more than this waits. */
  readonly maxWaitingBytes: number;
  /** Size limit of one flush. A single larger entry is allowed. */
  readonly maxFlushBytes: number;
}

/**
 * Group commit. Entries that arrive during a flush go into the next one. So do those that arrive in the same turn of
 * the event loop. Flushes run one at a time, in order.
 */
export class WriteQueue<Work> {
  readonly #options: WriteQueueOptions<Work>;
  #waiting: Queued<Work>[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: WriteQueueOptions<Work>) {
    this.#options = options;
  }

  /** Resolves when the work is on disk. Rejects with BUS_UNAVAILABLE when too much is waiting. */
  push(work: Work, bytes: number): Promise<void> {
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.maxWaitingBytes)
      return Promise.reject(
        busError('BUS_UNAVAILABLE', `${this.#waitingBytes} bytes are already waiting to be written`),
      );
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Runs `work` while no flush is under way. */
  async between(work: () => Promise<void>): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    this.#running = work().finally(() => {
      this.#running = this.#waiting.length > 0 ? this.#run() : undefined;
    });
    await this.#running;
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#flushOnce(this.#take());
    this.#running = undefined;
  }

  #take(): Queued<Work>[] {
    let bytes = 0;
    let count = 0;
    for (const entry of this.#waiting) {
      if (count > 0 && bytes + entry.bytes > this.#options.maxFlushBytes) break;
      bytes += entry.bytes;
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #flushOnce(entries: readonly Queued<Work>[]): Promise<void> {
    try {
      await this.#options.flush(entries);
    } catch (error) {
      for (const entry of entries) entry.reject(error);
    }
  }
}
