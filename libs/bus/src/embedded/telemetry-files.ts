import type { TopicName } from '@faultline/model';
import type { Failure } from '../failure.ts';
import { failureWhileRunning } from './failure.ts';
import type { Files } from './files.ts';
import { parseSegmentSequence, segmentFolder, segmentName } from './names.ts';
import { type PackedRow, rowsOf } from './packed.ts';
import type {
  EngineOptions,
  EngineTopic,
  PartitionSpan,
  SegmentInfo,
  TelemetryEngine,
  TelemetryState,
  TelemetryWrite,
  TelemetryWritten,
} from './protocol.ts';
import type { TableEnd } from './record-table.ts';
import { ActiveSegment, createSegment, describeSegment, isWholeSegment, readSegment } from './segment.ts';

/** The files of the telemetry topics. Each topic has one file per time span and appends to the newest. */
export class TelemetryFiles implements TelemetryEngine {
  readonly #files: Files;
  readonly #options: EngineOptions;
  readonly #topics: readonly EngineTopic[];
  readonly #active = new Map<TopicName, ActiveSegment>();

  constructor(files: Files, options: EngineOptions) {
    this.#files = files;
    this.#options = options;
    this.#topics = options.topics.filter(({ telemetry }) => telemetry);
  }

  open({ confirmedFlush, nowMs }: { confirmedFlush: number; nowMs: number }): TelemetryState {
    const segments = this.#topics.flatMap((topic) => this.#openTopic(topic, confirmedFlush, nowMs));
    const spans = this.#topics.flatMap(({ name }) => {
      const oldest = segments.find((segment) => segment.topic === name);
      return this.#spans(name, oldest?.base ?? []);
    });
    return { segments, spans };
  }

  #openTopic({ name: topic, partitions }: EngineTopic, confirmedFlush: number, nowMs: number): SegmentInfo[] {
    const older = this.#listSegments(topic);
    const newest = older.pop();
    if (newest === undefined) this.#create(topic, { sequence: 1, nowMs, ends: emptyEnds(partitions) });
    const active = new ActiveSegment(this.#files, topic, newest?.sequence ?? 1);
    active.removeUnconfirmed(confirmedFlush);
    this.#active.set(topic, active);
    return [...older, active.info];
  }

  #listSegments(topic: TopicName): SegmentInfo[] {
    const sequences = this.#files.list(segmentFolder(topic)).flatMap((file) => parseSegmentSequence(file) ?? []);
    return sequences.flatMap((sequence) => this.#describe(topic, sequence) ?? []);
  }

  #describe(topic: TopicName, sequence: number): SegmentInfo | undefined {
    const name = segmentName(topic, sequence);
    // Opened for writing, because that recovers the write-ahead log after a crash.
    const database = this.#files.openWriter(name, { pageBytes: 65_536, checkpointBytes: 65_536 });
    const whole = isWholeSegment(database);
    const read = whole ? readSegment(database) : { createdMs: 0, ends: [] };
    this.#files.close(database);
    if (!whole) {
      this.#files.remove(name);
      return undefined;
    }
    return describeSegment({ topic, sequence, ...read, bytes: this.#files.bytes(name) });
  }

  #create(topic: TopicName, segment: { sequence: number; nowMs: number; ends: readonly TableEnd[] }): void {
    // A file of that name can only be the remains of a failed creation.
    this.#files.remove(segmentName(topic, segment.sequence));
    createSegment(this.#files, { topic, sequence: segment.sequence, createdMs: segment.nowMs, ends: segment.ends });
  }

  #activeOf(topic: TopicName): ActiveSegment {
    const active = this.#active.get(topic);
    if (active === undefined) throw new Error(`${topic} is not open`);
    return active;
  }

  write({ nowMs, batch, confirmedFlush, flush }: TelemetryWrite): TelemetryWritten {
    const rows = Map.groupBy(rowsOf(batch), (row) => this.#options.topics[row.topic]?.name);
    const written: TopicName[] = [];
    const failed: { topic: TopicName; failure: Failure }[] = [];
    this.#settleFlushes(confirmedFlush, new Set(rows.keys()));
    for (const [topic, topicRows] of rows) {
      if (topic === undefined) continue;
      try {
        this.#writeTopic(topic, topicRows, { nowMs, confirmedFlush, flush });
        written.push(topic);
      } catch (error) {
        failed.push({ topic, failure: failureWhileRunning(error, `writing ${topic}`) });
      }
    }
    const segments = written.map((topic) => this.#activeOf(topic).info);
    return { spans: written.flatMap((topic) => this.#spans(topic, [])), segments, failed };
  }

  /**
   * Removes unconfirmed flushes from topics that this flush does not touch. That must happen before a later flush is
   * confirmed.
   */
  #settleFlushes(confirmedFlush: number, except: ReadonlySet<TopicName | undefined>): void {
    for (const active of this.#active.values())
      if (!except.has(active.topic) && active.hasUnconfirmed) active.removeUnconfirmed(confirmedFlush);
  }

  #writeTopic(
    topic: TopicName,
    rows: readonly PackedRow[],
    options: { nowMs: number; confirmedFlush: number; flush: number | null },
  ): void {
    const active = this.#activeOf(topic);
    const { bytes, createdMs } = active.info;
    const full = bytes >= this.#options.segmentMaxBytes || options.nowMs - createdMs >= this.#options.segmentMs;
    if (full && !active.isEmpty) {
      active.removeUnconfirmed(options.confirmedFlush);
      this.#startNext(active, options.nowMs);
    }
    this.#activeOf(topic).write(rows, options);
  }

  #startNext(active: ActiveSegment, nowMs: number): ActiveSegment {
    const sequence = active.sequence + 1;
    this.#create(active.topic, { sequence, nowMs, ends: active.ends });
    const next = new ActiveSegment(this.#files, active.topic, sequence);
    this.#active.set(active.topic, next);
    active.close();
    return next;
  }

  /** Call it only between flushes, when the last one is confirmed or abandoned. */
  rotate({ nowMs, confirmedFlush }: { nowMs: number; confirmedFlush: number }): readonly SegmentInfo[] {
    this.#settleFlushes(confirmedFlush, new Set());
    const old = [...this.#active.values()].filter(
      (active) => !active.isEmpty && nowMs - active.createdMs >= this.#options.segmentMs,
    );
    return old.map((active) => this.#startNext(active, nowMs).info);
  }

  #spans(topic: TopicName, first: readonly number[]): PartitionSpan[] {
    return this.#activeOf(topic).ends.map(({ next }, partition) => ({
      topic,
      partition,
      first: first[partition] ?? 0,
      next,
    }));
  }

  drop({ topic, sequence }: { topic: TopicName; sequence: number }): null {
    this.#files.remove(segmentName(topic, sequence));
    return null;
  }

  close(): null {
    for (const active of this.#active.values()) active.close();
    return null;
  }
}

const emptyEnds = (partitions: number): TableEnd[] =>
  Array.from({ length: partitions }, () => ({ next: 0, lastTimestampMs: 0 }));
