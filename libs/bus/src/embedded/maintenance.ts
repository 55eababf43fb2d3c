import { type TopicName, topicSpec } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import { mainTopics, type PartitionCounts, partitionCountOf, telemetryTopics } from '../topic-layout.ts';
import type { Remote } from './engine-host.ts';
import type { LogWriter } from './log-writer.ts';
import type { Positions } from './positions.ts';
import type { MainEngine, SegmentInfo, SliceDone, TelemetryEngine } from './protocol.ts';
import type { Reader } from './reader.ts';
import { decideDrops, type Segments } from './segments.ts';
import type { Watermarks } from './watermarks.ts';

export interface MaintenanceSettings {
  /** Time between rounds. */
  readonly intervalMs: number;
  /** Records younger than this are not compacted, so that a reader that keeps up sees each of them. */
  readonly compactionLagMs: number;
  /** How long a tombstone can be read before it is removed. */
  readonly tombstoneMs: number;
  readonly retentionMs: Partial<Readonly<Record<TopicName, number>>>;
  readonly telemetryMaxBytes: number;
  /** Telemetry files younger than this are not dropped to make room. */
  readonly telemetryMinRetentionMs: number;
}

export interface MaintenanceOptions extends MaintenanceSettings {
  readonly main: Remote<MainEngine>;
  readonly telemetry: Remote<TelemetryEngine>;
  readonly writer: LogWriter;
  readonly reader: Reader;
  readonly watermarks: Watermarks;
  readonly positions: Positions;
  readonly segments: Segments;
  readonly partitions: PartitionCounts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs compaction and retention in small slices beside the writing. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.kick(), this.#options.intervalMs);
    this.#timer.unref();
  }

  /** Starts a round unless one is under way. A failure is logged; the next round tries again. */
  kick(): void {
    this.run().catch((error: unknown) => {
      this.#options.logger.warn('compaction and retention failed; the next round tries again', {
        error: String(error),
      });
    });
  }

  /** Runs one round: drops telemetry files, removes expired records, compacts. Joins a round under way. */
  run(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    await this.#options.writer.rotate();
    for (const { name } of telemetryTopics) await this.#dropSegments(name);
    for (const { name, compacted } of mainTopics) {
      for (let partition = 0; partition < partitionCountOf(name, this.#options.partitions); partition += 1)
        await (compacted ? this.#compact(name, partition) : this.#expire(name, partition));
    }
  }

  async #dropSegments(topic: TopicName): Promise<void> {
    const { segments, clock, telemetryMaxBytes, telemetryMinRetentionMs } = this.#options;
    const drops = decideDrops({
      segments: segments.of(topic),
      floors: this.#floors(topic),
      nowMs: clock(),
      retentionMs: this.#retentionMs(topic),
      maxBytes: telemetryMaxBytes,
      minRetentionMs: telemetryMinRetentionMs,
    });
    for (const segment of drops) await this.#drop(segment);
  }

  /** Hides the segment from readers before its file is removed. */
  async #drop({ topic, sequence }: SegmentInfo): Promise<void> {
    const { segments, watermarks, reader, telemetry, logger } = this.#options;
    segments.remove(topic, sequence);
    for (const [partition, first] of segments.of(topic)[0]?.base.entries() ?? [])
      watermarks.raiseFirst(topic, partition, first);
    reader.forget(topic, sequence);
    await telemetry.drop({ topic, sequence });
    logger.debug('dropped a telemetry segment', { topic, sequence });
  }

  #retentionMs(topic: TopicName): number {
    return this.#options.retentionMs[topic] ?? topicSpec(topic).retentionMs ?? Number.POSITIVE_INFINITY;
  }

  #floors(topic: TopicName): number[] | null {
    const { positions, partitions, clock } = this.#options;
    const partitionCount = partitionCountOf(topic, partitions);
    return positions.floors(topic, { partitionCount, nowMs: clock(), idleMs: this.#retentionMs(topic) });
  }

  #compact(topic: TopicName, partition: number): Promise<void> {
    const { main, clock, compactionLagMs, tombstoneMs } = this.#options;
    const beforeMs = clock() - compactionLagMs;
    const tombstonesBeforeMs = clock() - tombstoneMs;
    return this.#untilDone(() => main.compact({ topic, partition, beforeMs, tombstonesBeforeMs }));
  }

  #expire(topic: TopicName, partition: number): Promise<void> {
    const { main, clock } = this.#options;
    const beforeMs = clock() - this.#retentionMs(topic);
    const retainFrom = this.#floors(topic)?.[partition] ?? Number.MAX_SAFE_INTEGER;
    return this.#untilDone(() => main.expire({ topic, partition, beforeMs, retainFrom }));
  }

  async #untilDone(slice: () => Promise<SliceDone>): Promise<void> {
    for (let more = true; more && !this.#stopped; ) {
      const done = await slice();
      this.#options.watermarks.raiseFirst(done.span.topic, done.span.partition, done.span.first);
      more = done.more;
    }
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => {});
  }
}
