import type { TopicName } from '@faultline/model';
import type { PartitionSpan } from './protocol.ts';

interface Entry {
  first: number;
  next: number;
  readonly wakers: Set<() => void>;
}

export interface PartitionName {
  readonly topic: TopicName;
  readonly partition: number;
}

/**
 * The low and high watermark of every partition, and who waits for more records. Readers see records from `first` up
 * to, not including, `next`.
 */
export class Watermarks {
  readonly #entries = new Map<string, Entry>();

  #entry(topic: TopicName, partition: number): Entry {
    const name = `${topic}/${partition}`;
    const entry = this.#entries.get(name) ?? { first: 0, next: 0, wakers: new Set() };
    this.#entries.set(name, entry);
    return entry;
  }

  first(topic: TopicName, partition: number): number {
    return this.#entry(topic, partition).first;
  }

  next(topic: TopicName, partition: number): number {
    return this.#entry(topic, partition).next;
  }

  /** Sets both watermarks after opening or cleaning. The high watermark never goes back. */
  set({ topic, partition, first, next }: PartitionSpan): void {
    const entry = this.#entry(topic, partition);
    entry.first = first;
    entry.next = Math.max(entry.next, next);
  }

  /** Raises the high watermark and wakes those who wait. */
  advance({ topic, partition, next }: PartitionSpan): void {
    const entry = this.#entry(topic, partition);
    entry.next = Math.max(entry.next, next);
    for (const wake of [...entry.wakers]) wake();
  }

  /** Raises the low watermark after retention. */
  raiseFirst(topic: TopicName, partition: number, first: number): void {
    const entry = this.#entry(topic, partition);
    entry.first = Math.max(entry.first, first);
  }

  /**
   * Resolves when one of the partitions gets a record, after `waitMs` (null: no limit), or when the signal is aborted.
   */
  wait(partitions: readonly PartitionName[], options: { waitMs: number | null; signal: AbortSignal }): Promise<void> {
    const { waitMs, signal } = options;
    if (signal.aborted) return Promise.resolve();
    const entries = partitions.map(({ topic, partition }) => this.#entry(topic, partition));
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        for (const entry of entries) entry.wakers.delete(wake);
        resolve();
      };
      const timer = waitMs === null ? undefined : setTimeout(wake, waitMs);
      signal.addEventListener('abort', wake, { once: true });
      for (const entry of entries) entry.wakers.add(wake);
    });
  }
}
