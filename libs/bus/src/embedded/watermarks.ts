import type { TopicName } from '@faultline/model';
import type { PartitionSpan } from './protocol.ts';

interface Edge {
  first: number;
  next: number;
  readonly wakers: Set<() => void>;
}

export interface PartitionName {
  readonly topic: TopicName;
  readonly partition: number;
}

/** How far readers may see, in every partition; and who is to be woken when there is more. */
export class Watermarks {
  readonly #edges = new Map<string, Edge>();

  #edge(topic: TopicName, partition: number): Edge {
    const name = `${topic}/${partition}`;
    const edge = this.#edges.get(name) ?? { first: 0, next: 0, wakers: new Set() };
    this.#edges.set(name, edge);
    return edge;
  }

  first(topic: TopicName, partition: number): number {
    return this.#edge(topic, partition).first;
  }

  next(topic: TopicName, partition: number): number {
    return this.#edge(topic, partition).next;
  }

  /** Sets both ends, as found at opening or after cleaning. */
  set({ topic, partition, first, next }: PartitionSpan): void {
    const edge = this.#edge(topic, partition);
    edge.first = first;
    edge.next = Math.max(edge.next, next);
  }

  /** Shows more records and wakes those who wait for them. */
  advance({ topic, partition, next }: PartitionSpan): void {
    const edge = this.#edge(topic, partition);
    edge.next = Math.max(edge.next, next);
    for (const wake of [...edge.wakers]) wake();
  }

  /** Raises the first offset, after retention. */
  raiseFirst(topic: TopicName, partition: number, first: number): void {
    const edge = this.#edge(topic, partition);
    edge.first = Math.max(edge.first, first);
  }

  /** Resolves when any of the partitions advances, after `waitMs` (null: no limit), or when the signal is aborted. */
  wait(partitions: readonly PartitionName[], options: { waitMs: number | null; signal: AbortSignal }): Promise<void> {
    const { waitMs, signal } = options;
    if (signal.aborted) return Promise.resolve();
    const edges = partitions.map(({ topic, partition }) => this.#edge(topic, partition));
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        for (const edge of edges) edge.wakers.delete(wake);
        resolve();
      };
      const timer = waitMs === null ? undefined : setTimeout(wake, waitMs);
      signal.addEventListener('abort', wake, { once: true });
      for (const edge of edges) edge.wakers.add(wake);
    });
  }
}
