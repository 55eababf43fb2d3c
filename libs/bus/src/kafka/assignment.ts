import type { TopicName } from '@faultline/model';
import { busError } from '../bus-error.ts';
import type { Commit, LogRecord, OutgoingRecord, PartitionAssignment } from '../port.ts';
import type { RoutedRecord } from '../routing.ts';
import type { Names } from './names.ts';
import type { PartitionReader } from './partition-reader.ts';
import { pollReader } from './poll.ts';
import type { GroupPositions, Transactions } from './transactions.ts';

export interface KafkaAssignmentOptions {
  readonly group: string;
  readonly partition: number;
  /** The committed positions, or first offsets where nothing was committed. */
  readonly positions: ReadonlyMap<TopicName, bigint>;
  readonly reader: PartitionReader;
  readonly transactions: Transactions;
  readonly names: Names;
  readonly route: (records: readonly OutgoingRecord[]) => RoutedRecord[];
  readonly signal: AbortSignal;
  readonly onCommitted: () => void;
  /** Ends the run after a failed commit, so that the committed positions are read again. */
  readonly onBroken: (error: unknown) => void;
}

type PollLimit = Parameters<PartitionAssignment['poll']>[0];

/** One run of a loop over a partition. */
export class KafkaAssignment implements PartitionAssignment {
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly #options: KafkaAssignmentOptions;
  readonly #positions: Map<TopicName, bigint>;
  #committing: Promise<void> = Promise.resolve();

  constructor(options: KafkaAssignmentOptions) {
    this.#options = options;
    this.partition = options.partition;
    this.signal = options.signal;
    this.#positions = new Map(options.positions);
  }

  poll(limit: PollLimit): Promise<readonly LogRecord[]> {
    return pollReader(this.#options.reader, limit, this.signal);
  }

  async commit({ records, positions }: Commit): Promise<void> {
    for (const { topic, partition } of positions)
      if (partition !== this.partition || !this.#positions.has(topic))
        throw busError(
          'BUS_BAD_COMMIT',
          `${topic}/${partition} does not belong to partition ${this.partition} of this subscription`,
        );
    const routed = this.#options.route(records);
    const mine = this.#committing.then(() => this.#commit(routed, positions));
    this.#committing = mine.catch(() => undefined);
    await mine;
  }

  async #commit(records: readonly RoutedRecord[], positions: Commit['positions']): Promise<void> {
    const { group, transactions, onCommitted, onBroken } = this.#options;
    if (this.signal.aborted) throw busError('BUS_FENCED', `group ${group}, partition ${this.partition}`);
    if (records.length === 0 && positions.length === 0) return;
    try {
      await transactions.write(records, this.#groupPositions(positions));
    } catch (error) {
      onBroken(error);
      throw error;
    }
    for (const { topic, offset } of positions) this.#positions.set(topic, offset);
    onCommitted();
  }

  #groupPositions(positions: Commit['positions']): GroupPositions | undefined {
    if (positions.length === 0) return undefined;
    const { names, group } = this.#options;
    const latest = new Map(positions.map((position) => [position.topic, position]));
    const topics = [...latest.values()].map(({ topic, partition, offset }) => ({
      topic: names.topic(topic),
      partitions: [{ partition, offset: String(offset), metadata: null }],
    }));
    return { group: names.group(group), topics };
  }

  async committed(topic: TopicName): Promise<bigint> {
    await this.#committing;
    return this.#positions.get(topic) ?? 0n;
  }

  /** Resolves when no commit is under way. */
  async settled(): Promise<void> {
    await this.#committing;
  }
}
