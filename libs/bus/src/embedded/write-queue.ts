import { busError } from '../bus-error.ts';

/** Something waiting to be written. */
export interface Queued<Work> {
  readonly work: Work;
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

export interface WriteQueueOptions<Work> {
  /** Writes all of these as one unit, and resolves or rejects each. What it leaves undecided when it throws is rejected with that. */
  readonly flush: (entries: readonly Queued<Work>[]) => Promise<void>;
  /** More than this waiting: `push` refuses. */
  readonly maxWaitingBytes: number;
  /** At most this goes into one flush (or one entry). */
  readonly maxFlushBytes: number;
}

/**
 * Group commit: whatever arrives while a flush is on its way goes out together with the next one, and what arrives in the same turn of
 * the event loop goes together in any case. One flush at a time, in order.
 */
export class WriteQueue<Work> {
  readonly #options: WriteQueueOptions<Work>;
  #waiting: Queued<Work>[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: WriteQueueOptions<Work>) {
    this.#options = options;
  }

  /** Resolves when the work is durable. Rejects with BUS_UNAVAILABLE when too much is waiting. */
  push(work: Work, bytes: number): Promise<void> {
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.maxWaitingBytes)
      return Promise.reject(busError('BUS_UNAVAILABLE', `${this.#waitingBytes} bytes already wait to be written`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Runs something while no flush is on its way. */
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
