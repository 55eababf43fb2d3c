import type { TopicName } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
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
import { isTelemetry, type PartitionCounts, partitionCountOf } from '../topic-layout.ts';
import type { AssignmentLog } from './assignment.ts';
import type { Remote } from './engine-host.ts';
import { Groups, type GroupsOptions } from './groups.ts';
import type { LogWriter } from './log-writer.ts';
import type { Maintenance } from './maintenance.ts';
import type { Positions } from './positions.ts';
import type { MainEngine } from './protocol.ts';
import type { Reader } from './reader.ts';
import type { Segments } from './segments.ts';
import type { Watermarks } from './watermarks.ts';

export interface EmbeddedBusParts {
  readonly main: Remote<MainEngine>;
  readonly writer: LogWriter;
  readonly reader: Reader;
  readonly watermarks: Watermarks;
  readonly positions: Positions;
  readonly segments: Segments;
  readonly maintenance: Maintenance;
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly telemetryMaxBytes: number;
  readonly groups: Omit<GroupsOptions, 'log' | 'logger'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How much `read` and `follow` read at once. */
const chunk = { maxRecords: 500, maxBytes: 1024 * 1024 };

/** The log in SQLite files on this machine. See docs/adr/0005-embedded-log.md. */
export class EmbeddedBus implements Bus, AssignmentLog {
  readonly maxRecordBytes: number;
  readonly reader: Reader;
  readonly writer: LogWriter;
  readonly watermarks: Watermarks;
  readonly positions: Positions;
  readonly #parts: EmbeddedBusParts;
  readonly #groups: Groups;
  readonly #closing = new AbortController();

  constructor(parts: EmbeddedBusParts) {
    this.#parts = parts;
    this.maxRecordBytes = parts.maxRecordBytes;
    this.reader = parts.reader;
    this.writer = parts.writer;
    this.watermarks = parts.watermarks;
    this.positions = parts.positions;
    this.#groups = new Groups({ ...parts.groups, log: this, logger: parts.logger });
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.writer.write({ records: this.route(records), positions: [], stillOurs: () => true });
  }

  route(records: readonly OutgoingRecord[]): RoutedRecord[] {
    this.#requireOpen();
    const routed = routeRecords(records, this.#parts);
    for (const topic of new Set(routed.map((record) => record.topic))) this.#requireRoom(topic);
    return routed;
  }

  #requireOpen(): void {
    if (this.#closing.signal.aborted) throw busError('BUS_UNAVAILABLE', 'the log is closed');
  }

  /**
   * Refuses records for a telemetry topic that is full of unhandled records. Dropping those would lose acknowledged
   * data.
   */
  #requireRoom(topic: TopicName): void {
    const { segments, telemetryMaxBytes, maintenance } = this.#parts;
    if (!isTelemetry(topic) || segments.bytes(topic) <= telemetryMaxBytes) return;
    maintenance.kick();
    throw busError(
      'BUS_UNAVAILABLE',
      `topic ${topic} has ${segments.bytes(topic)} bytes (limit ${telemetryMaxBytes}) that its consumers have not handled yet`,
    );
  }

  subscribe(options: SubscribeOptions): Subscription {
    this.#requireOpen();
    const subscription = this.#groups.subscribe(options, commonPartitionCount(options, this.#parts.partitions));
    for (const topic of options.topics) this.positions.addReader(options.group, topic);
    return subscription;
  }

  read({ topic, partition, from, to }: ReadOptions): AsyncIterable<LogRecord> {
    const end = Math.min(Number(to ?? Number.MAX_SAFE_INTEGER), this.watermarks.next(topic, partition));
    return this.#readTo({ topic, partition, from: Number(from) }, end);
  }

  async *#readTo(at: { topic: TopicName; partition: number; from: number }, to: number): AsyncGenerator<LogRecord> {
    for (let from = at.from; from < to; ) {
      this.#requireOpen();
      const records = this.reader.read({ ...at, from, to }, chunk);
      yield* records;
      const last = records.at(-1);
      if (last === undefined) return;
      from = Number(last.offset) + 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async *follow(topic: TopicName, signal: AbortSignal): AsyncGenerator<LogRecord | CaughtUp> {
    this.#requireOpen();
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    const partitions = Array.from({ length: this.partitionCount(topic) }, (_, partition) => ({ topic, partition }));
    const cursors = partitions.map(() => 0);
    for (let caughtUp = false; !ending.aborted; ) {
      const ends = partitions.map(({ partition }) => this.watermarks.next(topic, partition));
      for (const { partition } of partitions) {
        for await (const record of this.#readTo(
          { topic, partition, from: cursors[partition] ?? 0 },
          ends[partition] ?? 0,
        )) {
          if (ending.aborted) return;
          yield record;
        }
        cursors[partition] = ends[partition] ?? 0;
      }
      if (!caughtUp) yield { caughtUp: true };
      caughtUp = true;
      const more = partitions.some(
        ({ partition }) => this.watermarks.next(topic, partition) > (cursors[partition] ?? 0),
      );
      if (!more) await this.watermarks.wait(partitions, { waitMs: null, signal: ending });
    }
  }

  async offsets(topic: TopicName): Promise<{ partition: number; first: bigint; next: bigint }[]> {
    return Array.from({ length: this.partitionCount(topic) }, (_, partition) => ({
      partition,
      first: BigInt(this.watermarks.first(topic, partition)),
      next: BigInt(this.watermarks.next(topic, partition)),
    }));
  }

  async committed(group: string, topic: TopicName): Promise<Position[]> {
    return this.positions
      .of(group, topic)
      .map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
      .sort((a, b) => a.partition - b.partition);
  }

  partitionCount(topic: TopicName): number {
    return partitionCountOf(topic, this.#parts.partitions);
  }

  partitionOf(topic: TopicName, key: string): number {
    return partitionOfKey(key, this.partitionCount(topic));
  }

  async ping(): Promise<void> {
    this.#requireOpen();
    await this.#parts.main.ping(this.#parts.clock());
  }

  /** Runs one round of compaction and retention now, for tests and tools. It also runs periodically by itself. */
  maintain(): Promise<void> {
    return this.#parts.maintenance.run();
  }

  /** Stops subscriptions and followers, and waits until pending writes have finished. Safe to call twice. */
  async close(): Promise<void> {
    await this.#groups.stop();
    this.#closing.abort();
    await this.#parts.maintenance.stop();
    await this.writer.settled();
  }
}
