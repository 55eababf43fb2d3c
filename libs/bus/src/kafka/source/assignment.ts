import { busError } from '../../bus-error.ts';
import type { SourceAssignment, SourceCommit, SourceRecord } from '../../source-topic.ts';
import type { PartitionReader } from '../partition-reader.ts';
import type { Committer } from './commit.ts';

export interface KafkaSourceAssignmentOptions {
  readonly partition: number;
  readonly reader: PartitionReader<string>;
  readonly committer: Committer;
  readonly signal: AbortSignal;
  readonly onCommitted: () => void;
}

type PollLimit = Parameters<SourceAssignment['poll']>[0];

/** One run of a loop over a partition of a source topic. */
export class KafkaSourceAssignment implements SourceAssignment {
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly #options: KafkaSourceAssignmentOptions;
  #committing: Promise<void> = Promise.resolve();

  constructor(options: KafkaSourceAssignmentOptions) {
    this.#options = options;
    this.partition = options.partition;
    this.signal = options.signal;
  }

  async poll(limit: PollLimit): Promise<readonly SourceRecord[]> {
    // A loop that always finds records must yield to the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const { reader } = this.#options;
    const deadline = performance.now() + limit.waitMs;
    for (;;) {
      if (this.signal.aborted) return [];
      const since = reader.version;
      const found = reader.take(limit);
      const waitMs = deadline - performance.now();
      if (found.length > 0 || waitMs <= 0) return found;
      await reader.wait({ since, waitMs, signal: this.signal });
    }
  }

  commit(commit: SourceCommit): Promise<void> {
    const mine = this.#committing.then(() => this.#commit(commit));
    this.#committing = mine.catch(() => undefined);
    return mine;
  }

  async #commit(commit: SourceCommit): Promise<void> {
    if (this.signal.aborted) throw busError('BUS_FENCED', `partition ${this.partition}`);
    await this.#options.committer.write(commit);
    this.#options.onCommitted();
  }

  /** Resolves when no commit is under way. */
  settled(): Promise<void> {
    return this.#committing;
  }
}
