import type { TopicName } from '@faultline/model';
import { busError } from '../bus-error.ts';
import type { Commit, LogRecord, OutgoingRecord, PartitionAssignment, SubscribeOptions } from '../port.ts';
import { type RoutedRecord, recordBytes } from '../routing.ts';
import type { LogWriter } from './log-writer.ts';
import type { Positions } from './positions.ts';
import type { Reader } from './reader.ts';
import type { PartitionName, Watermarks } from './watermarks.ts';

/** The parts of the log that an assignment uses. */
export interface AssignmentLog {
  readonly reader: Reader;
  readonly writer: LogWriter;
  readonly watermarks: Watermarks;
  readonly positions: Positions;
  /** Decides partitions. Throws for records that are too large. */
  route(records: readonly OutgoingRecord[]): RoutedRecord[];
}

export interface AssignmentOptions {
  readonly log: AssignmentLog;
  readonly group: string;
  readonly topics: readonly TopicName[];
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly onCommitted: () => void;
}

type PollLimit = Parameters<PartitionAssignment['poll']>[0];

/** One run of a loop over a partition. It starts reading at the committed positions. */
export class EmbeddedAssignment implements PartitionAssignment {
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly #options: AssignmentOptions;
  readonly #cursors: Map<TopicName, number>;
  readonly #names: readonly PartitionName[];
  #turn = 0;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    this.partition = options.partition;
    this.signal = options.signal;
    this.#names = options.topics.map((topic) => ({ topic, partition: options.partition }));
    this.#cursors = new Map(options.topics.map((topic) => [topic, this.#committed(topic)]));
  }

  #committed(topic: TopicName): number {
    const { log, group } = this.#options;
    return log.positions.get(group, topic, this.partition) ?? log.watermarks.first(topic, this.partition);
  }

  async poll(limit: PollLimit): Promise<readonly LogRecord[]> {
    // Reading is synchronous, so a loop that always finds records must yield to the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const found = this.#take(limit);
    if (found.length > 0 || limit.waitMs <= 0) return found;
    await this.#options.log.watermarks.wait(this.#names, { waitMs: limit.waitMs, signal: this.signal });
    return this.#take(limit);
  }

  /** Starts with another topic each time, so that a busy topic cannot starve the others. */
  #take({ maxRecords, maxBytes }: PollLimit): LogRecord[] {
    if (this.signal.aborted) return [];
    const found: LogRecord[] = [];
    let bytes = 0;
    const { topics } = this.#options;
    for (let index = 0; index < topics.length && found.length < maxRecords; index += 1) {
      const topic = topics[(this.#turn + index) % topics.length];
      if (topic === undefined || (found.length > 0 && bytes >= maxBytes)) break;
      const records = this.#read(
        topic,
        { maxRecords: maxRecords - found.length, maxBytes: maxBytes - bytes },
        found.length > 0,
      );
      for (const record of records) bytes += recordBytes(record);
      found.push(...records);
    }
    this.#turn += 1;
    return found;
  }

  /**
   * The reader returns one record however large. That is not wanted when records of other topics were found already.
   */
  #read(topic: TopicName, limit: { maxRecords: number; maxBytes: number }, strict: boolean): LogRecord[] {
    const from = this.#cursors.get(topic) ?? 0;
    const range = { topic, partition: this.partition, from, to: Number.MAX_SAFE_INTEGER };
    const records = this.#options.log.reader.read(range, limit);
    const [only] = records;
    if (strict && only !== undefined && records.length === 1 && recordBytes(only) > limit.maxBytes) return [];
    const last = records.at(-1);
    if (last !== undefined) this.#cursors.set(topic, Number(last.offset) + 1);
    return records;
  }

  async commit({ records, positions }: Commit): Promise<void> {
    for (const { topic, partition } of positions)
      if (partition !== this.partition || !this.#cursors.has(topic))
        throw busError(
          'BUS_BAD_COMMIT',
          `${topic}/${partition} does not belong to partition ${this.partition} of this subscription`,
        );
    const { log, group } = this.#options;
    await log.writer.write({
      records: log.route(records),
      positions: positions.map(({ topic, partition, offset }) => ({ group, topic, partition, offset: Number(offset) })),
      stillOurs: () => !this.signal.aborted,
    });
    this.#options.onCommitted();
  }

  async committed(topic: TopicName): Promise<bigint> {
    return BigInt(this.#committed(topic));
  }
}

/** Opens the partition at its committed positions and runs the loop until `revoked` is aborted. */
export async function runAssignmentOnce(run: {
  readonly log: AssignmentLog;
  readonly subscribe: SubscribeOptions;
  readonly partition: number;
  readonly revoked: AbortSignal;
  readonly onCommitted: () => void;
}): Promise<void> {
  const { log, subscribe, partition, revoked, onCommitted } = run;
  const ended = new AbortController();
  try {
    // The former holder's last commit may still be on its way to the disk. Read positions after it.
    await log.writer.settled();
    if (revoked.aborted) return;
    const signal = AbortSignal.any([revoked, ended.signal]);
    await subscribe.run(new EmbeddedAssignment({ ...subscribe, log, partition, signal, onCommitted }));
  } finally {
    ended.abort();
  }
}
