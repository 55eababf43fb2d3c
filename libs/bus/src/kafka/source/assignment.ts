import { busError } from '../../bus-error.ts';
import type { SourceAssignment, SourceCommit, SourceRecord } from '../../source-topic.ts';
import type { PartitionReader } from '../partition-reader.ts';
import { pollReader } from '../poll.ts';
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

  poll(limit: PollLimit): Promise<readonly SourceRecord[]> {
    return pollReader(this.#options.reader, limit, this.signal);
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
