import type { TopicName } from '@faultline/model';
import type { Logger } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import { partitionOfKey } from '../murmur2.ts';
import type {
  Bus,
  CaughtUp,
  LogRecord,
  OutgoingRecord,
  Position,
  ReadOptions,
  SubscribeOptions,
  Subscription,
} from '../port.ts';
import { commonPartitionCount, type RoutedRecord, routeRecords } from '../routing.ts';
import type { SourceSubscription, SourceTopicOptions } from '../source-topic.ts';
import { type PartitionCounts, partitionCountOf } from '../topic-layout.ts';
import type { Client } from './client.ts';
import type { DataEnds } from './ends.ts';
import { translate } from './failure.ts';
import type { Names } from './names.ts';
import { fetchCommitted, listEnds } from './offsets.ts';
import { PartitionReader, type ReadFrom } from './partition-reader.ts';
import type { Publisher } from './publisher.ts';
import type { Subscriptions, SubscriptionsOptions } from './subscriptions.ts';

export interface KafkaBusParts {
  /** For requests that are answered at once. */
  readonly client: Client;
  readonly newClient: () => Client;
  readonly names: Names;
  readonly ends: DataEnds;
  readonly publisher: Publisher;
  readonly subscriptions: (options: Pick<SubscriptionsOptions, 'route'>) => Subscriptions;
  readonly openSourceTopic: (options: SourceTopicOptions, route: SubscriptionsOptions['route']) => SourceSubscription;
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly logger: Logger;
}

const idleReaders = 4;
/** How much `read` and `follow` yield before they give up the event loop. */
const chunk = { maxRecords: 500, maxBytes: 1024 * 1024 };

/** The log in an Apache Kafka cluster. See libs/bus/README.md and docs/adr/0011-kafka-adapter.md. */
export class KafkaBus implements Bus {
  readonly maxRecordBytes: number;
  readonly #parts: KafkaBusParts;
  readonly #subscriptions: Subscriptions;
  readonly #closing = new AbortController();
  readonly #sources = new Set<SourceSubscription>();
  /** Connections of finished readers, to be reused. */
  readonly #idle: Client[] = [];

  constructor(parts: KafkaBusParts) {
    this.#parts = parts;
    this.maxRecordBytes = parts.maxRecordBytes;
    this.#subscriptions = parts.subscriptions({ route: (records) => this.#route(records) });
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.#parts.publisher.publish(this.#route(records));
  }

  #route(records: readonly OutgoingRecord[]): RoutedRecord[] {
    this.#requireOpen();
    return routeRecords(records, this.#parts);
  }

  #requireOpen(): void {
    if (this.#closing.signal.aborted) throw busError('BUS_UNAVAILABLE', 'the log is closed');
  }

  subscribe(options: SubscribeOptions): Subscription {
    this.#requireOpen();
    return this.#subscriptions.subscribe(options, commonPartitionCount(options, this.#parts.partitions));
  }

  openSourceTopic(options: SourceTopicOptions): SourceSubscription {
    this.#requireOpen();
    const source = this.#parts.openSourceTopic(options, (records) => this.#route(records));
    this.#sources.add(source);
    return source;
  }

  async *read({ topic, partition, from, to }: ReadOptions): AsyncGenerator<LogRecord> {
    this.#requireOpen();
    const { client, names } = this.#parts;
    const [ends] = await translated('reading offsets', () => listEnds(client, names.topic(topic), [partition]));
    if (ends === undefined) return;
    const end = Math.min(Number(to ?? ends.end), ends.end);
    const position = Math.max(Number(from), ends.first);
    if (position >= end) return;
    const own = this.#idle.pop() ?? this.#parts.newClient();
    const reader = this.#reader(own, [{ topic, partition, position, until: end }]);
    let isDone = false;
    try {
      yield* this.#readTo(reader, { topic, partition, end });
      isDone = true;
    } finally {
      reader.close();
      // A reader that was stopped early may have a fetch under way, which would delay the next one.
      if (isDone && this.#idle.length < idleReaders) this.#idle.push(own);
      else own.close();
    }
  }

  #reader(client: Client, partitions: readonly ReadFrom[]): PartitionReader {
    return new PartitionReader({ ...this.#parts, client, partitions });
  }

  async *#readTo(
    reader: PartitionReader,
    { topic, partition, end }: { topic: TopicName; partition: number; end: number },
  ): AsyncGenerator<LogRecord> {
    while (!this.#closing.signal.aborted) {
      const since = reader.version;
      const drainedTo = reader.drainedTo(topic, partition);
      const records = reader.take(chunk);
      for (const record of records) {
        if (record.offset >= BigInt(end)) return;
        yield record;
      }
      if (records.length > 0) continue;
      if (drainedTo !== undefined && drainedTo >= end) return;
      await reader.wait({ since, waitMs: null, signal: this.#closing.signal });
    }
    this.#requireOpen();
  }

  async *follow(topic: TopicName, signal: AbortSignal): AsyncGenerator<LogRecord | CaughtUp> {
    this.#requireOpen();
    const { client, names } = this.#parts;
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    const numbers = Array.from({ length: this.partitionCount(topic) }, (_, partition) => partition);
    const ends = await translated('reading offsets', () => listEnds(client, names.topic(topic), numbers));
    const own = this.#parts.newClient();
    const reader = this.#reader(
      own,
      ends.map(({ partition, first }) => ({ topic, partition, position: first })),
    );
    try {
      for (let caughtUp = false; !ending.aborted; ) {
        const since = reader.version;
        const atEnds = ends.every(({ partition, end }) => (reader.drainedTo(topic, partition) ?? -1) >= end);
        const records = reader.take(chunk);
        for (const record of records) {
          if (ending.aborted) return;
          yield record;
        }
        if (records.length > 0) continue;
        if (atEnds && !caughtUp) {
          caughtUp = true;
          yield { caughtUp: true };
        }
        await reader.wait({ since, waitMs: null, signal: ending });
      }
    } finally {
      reader.close();
      own.close();
    }
  }

  async offsets(topic: TopicName): Promise<{ partition: number; first: bigint; next: bigint }[]> {
    this.#requireOpen();
    const { client, names, ends } = this.#parts;
    const numbers = Array.from({ length: this.partitionCount(topic) }, (_, partition) => partition);
    const found = await translated('reading offsets', () => ends.of(client, names.topic(topic), numbers));
    return found.map(({ partition, first, next }) => ({ partition, first: BigInt(first), next: BigInt(next) }));
  }

  async committed(group: string, topic: TopicName): Promise<Position[]> {
    this.#requireOpen();
    const { client, names } = this.#parts;
    const name = names.topic(topic);
    const partitions = Array.from({ length: this.partitionCount(topic) }, (_, partition) => partition);
    const found = await translated('reading committed positions', () =>
      fetchCommitted(client, names.group(group), [{ topic: name, partitions }]),
    );
    return partitions.flatMap((partition) => {
      const offset = found.get(`${name}/${partition}`);
      return offset === undefined ? [] : [{ topic, partition, offset: BigInt(offset) }];
    });
  }

  partitionCount(topic: TopicName): number {
    return partitionCountOf(topic, this.#parts.partitions);
  }

  partitionOf(topic: TopicName, key: string): number {
    return partitionOfKey(key, this.partitionCount(topic));
  }

  async ping(): Promise<void> {
    this.#requireOpen();
    await translated('reading cluster metadata', () => this.#parts.client.refresh());
  }

  /** Stops subscriptions, readers and followers, and waits until pending writes have finished. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all([this.#subscriptions.stop(), ...[...this.#sources].map((source) => source.stop())]);
    this.#closing.abort();
    await this.#parts.publisher.close();
    this.#parts.client.close();
    for (const client of this.#idle) client.close();
  }
}

/** Translates errors of Kafka into errors of the port. */
async function translated<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw translate(error, doing);
  }
}
