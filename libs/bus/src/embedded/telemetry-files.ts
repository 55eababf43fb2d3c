import type { TopicName } from '@faultline/model';
import type { Failure } from '../failure.ts';
import { failureWhileRunning, orOnDamage } from './failure.ts';
import type { Files } from './files.ts';
import { lossMarkers } from './loss-marker.ts';
import { damagedName, isDamagedName, parseSegmentSequence, segmentFolder, segmentName } from './names.ts';
import { type PackedRow, rowsOf } from './packed.ts';
import type {
  DamagedPlace,
  DamagedSegment,
  EngineOptions,
  EngineTopic,
  PartitionSpan,
  SegmentInfo,
  SetAside,
  TelemetryEngine,
  TelemetryOpening,
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

  open(opening: TelemetryOpening): TelemetryState {
    const damaged: DamagedSegment[] = [];
    const segments = this.#topics.flatMap((topic) => this.#openTopic(topic, opening, damaged));
    const spans = this.#topics.flatMap(({ name }) => {
      const oldest = segments.find((segment) => segment.topic === name);
      return this.#spans(name, oldest?.base ?? []);
    });
    return { segments, spans, damaged, damagedFiles: this.#topics.flatMap(({ name }) => this.#damagedFiles(name)) };
  }

  #openTopic(topic: EngineTopic, opening: TelemetryOpening, damaged: DamagedSegment[]): SegmentInfo[] {
    const { name } = topic;
    const found = this.#listSegments(name);
    const broken = found.flatMap(({ sequence, info }) => (info === 'damaged' ? [sequence] : []));
    const whole = found.flatMap(({ info }) => (info === 'damaged' ? [] : [info]));
    const active = this.#openNewest(topic, { whole, broken }, opening);
    this.#active.set(name, active);
    const segments = [...whole.filter(({ sequence }) => sequence < active.sequence), active.info];
    for (const sequence of broken) damaged.push(this.#rename(name, sequence, segments));
    for (const { topic: lost, file } of damaged) if (lost === name) this.#markLoss(active, file, opening);
    return [...segments.slice(0, -1), active.info];
  }

  /** Opens the newest segment. When there is none, or it is damaged, creates the next one. */
  #openNewest(
    topic: EngineTopic,
    { whole, broken }: { whole: SegmentInfo[]; broken: number[] },
    opening: TelemetryOpening,
  ): ActiveSegment {
    const newest = whole.at(-1);
    const last = Math.max(0, newest?.sequence ?? 0, ...broken);
    if (newest !== undefined && newest.sequence === last) {
      const opened = orOnDamage(
        () => this.#openActive(topic.name, newest.sequence, opening.confirmedFlush),
        () => null,
      );
      if (opened !== null) return opened;
      broken.push(newest.sequence);
      whole.pop();
    }
    const ends = last === 0 ? emptyEnds(topic.partitions) : this.#endsAfterDamage(topic, { newest, whole }, opening);
    this.#create(topic.name, { sequence: last + 1, nowMs: opening.nowMs, ends });
    return new ActiveSegment(this.#files, topic.name, last + 1);
  }

  #openActive(topic: TopicName, sequence: number, confirmedFlush: number): ActiveSegment {
    const active = new ActiveSegment(this.#files, topic, sequence);
    active.removeUnconfirmed(confirmedFlush);
    return active;
  }

  /** Where a new segment starts when the end of the damaged one is unknown: far above every offset that is known. */
  #endsAfterDamage(
    { name, partitions }: EngineTopic,
    { newest, whole }: { newest: SegmentInfo | undefined; whole: readonly SegmentInfo[] },
    { positions, nowMs }: TelemetryOpening,
  ): TableEnd[] {
    const previous = whole.at(-1);
    const ends = previous === undefined ? [] : this.#endsOf(previous);
    return emptyEnds(partitions).map((_, partition) => {
      const committed = positions.filter((one) => one.topic === name && one.partition === partition);
      const known = [...committed.map(({ offset }) => offset), ends[partition] ?? 0, newest?.base[partition] ?? 0];
      return { next: Math.max(...known) + offsetGap, lastTimestampMs: nowMs };
    });
  }

  #endsOf({ topic, sequence, base }: SegmentInfo): readonly number[] {
    return orOnDamage(
      () => {
        const segment = new ActiveSegment(this.#files, topic, sequence);
        const ends = segment.ends.map(({ next }) => next);
        segment.close();
        return ends;
      },
      () => base,
    );
  }

  #listSegments(topic: TopicName): { readonly sequence: number; readonly info: SegmentInfo | 'damaged' }[] {
    const sequences = this.#files.list(segmentFolder(topic)).flatMap((file) => parseSegmentSequence(file) ?? []);
    return sequences.flatMap((sequence) => {
      const info = orOnDamage<SegmentInfo | 'damaged' | undefined>(
        () => this.#describe(topic, sequence),
        () => 'damaged',
      );
      return info === undefined ? [] : [{ sequence, info }];
    });
  }

  #damagedFiles(topic: TopicName): string[] {
    const folder = segmentFolder(topic);
    return this.#files
      .list(folder)
      .filter(isDamagedName)
      .map((file) => `${folder}/${file}`);
  }

  /** Renames a damaged segment. `segments` are the segments of the topic that are whole. */
  #rename(topic: TopicName, sequence: number, segments: readonly SegmentInfo[]): DamagedSegment {
    const file = damagedName(topic, sequence);
    this.#files.rename(segmentName(topic, sequence), file);
    const next = segments.find((segment) => segment.sequence > sequence);
    return { topic, sequence, file, from: null, to: next?.base ?? [] };
  }

  #markLoss(active: ActiveSegment, file: string, options: { nowMs: number; confirmedFlush: number }): void {
    const index = this.#options.topics.findIndex(({ name }) => name === active.topic);
    active.write(lossMarkers(index, active.ends.length, file), { ...options, flush: null });
  }

  /** Only between flushes. Records that were acknowledged in the damaged segment are lost. */
  setAside({ topic, sequence, nowMs, confirmedFlush }: DamagedPlace): SetAside {
    const active = this.#activeOf(topic);
    if (active.sequence === sequence) this.#startNext(active, nowMs);
    const current = this.#activeOf(topic);
    const { file } = this.#rename(topic, sequence, []);
    const to = current.info.base;
    this.#markLoss(current, file, { nowMs, confirmedFlush });
    return {
      damaged: { topic, sequence, file, from: active.sequence === sequence ? active.info.base : null, to },
      spans: this.#spans(topic, []),
      segments: [current.info],
    };
  }

  #describe(topic: TopicName, sequence: number): SegmentInfo | undefined {
    const name = segmentName(topic, sequence);
    // Opened for writing, because that recovers the write-ahead log after a crash.
    const database = this.#files.openWriter(name, { pageBytes: 65_536, checkpointBytes: 65_536 });
    try {
      if (isWholeSegment(database))
        return describeSegment({ topic, sequence, ...readSegment(database), bytes: this.#files.bytes(name) });
    } finally {
      this.#files.close(database);
    }
    this.#files.remove(name);
    return undefined;
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
    const damaged: DamagedSegment[] = [];
    const options = { nowMs, confirmedFlush, flush };
    const replace = (topic: TopicName) => {
      const { sequence } = this.#activeOf(topic);
      damaged.push(this.setAside({ topic, sequence, nowMs, confirmedFlush }).damaged);
    };
    this.#settleFlushes(confirmedFlush, new Set(rows.keys()));
    for (const [topic, topicRows] of rows) {
      if (topic === undefined) continue;
      try {
        orOnDamage(
          () => this.#writeTopic(topic, topicRows, options),
          () => {
            replace(topic);
            this.#writeTopic(topic, topicRows, options);
          },
        );
        written.push(topic);
      } catch (error) {
        failed.push({ topic, failure: failureWhileRunning(error, `writing ${topic}`) });
      }
    }
    const segments = written.map((topic) => this.#activeOf(topic).info);
    return { spans: written.flatMap((topic) => this.#spans(topic, [])), segments, failed, damaged };
  }

  /**
   * Removes unconfirmed flushes from topics that this flush does not touch. That must happen before a later flush is
   * confirmed.
   */
  #settleFlushes(confirmedFlush: number, except: ReadonlySet<TopicName | undefined>): void {
    for (const active of this.#active.values())
      orOnDamage(
        () => {
          if (!except.has(active.topic) && active.hasUnconfirmed) active.removeUnconfirmed(confirmedFlush);
        },
        // The next write to the topic, or the next read, sets the segment aside.
        () => {},
      );
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
    orOnDamage(
      () => active.close(),
      () => active.abandon(),
    );
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
    for (const active of this.#active.values())
      orOnDamage(
        () => active.close(),
        () => active.abandon(),
      );
    return null;
  }
}

/** More records than any segment holds. Offsets may skip numbers, but must never be used twice. */
const offsetGap = 2 ** 32;

const emptyEnds = (partitions: number): TableEnd[] =>
  Array.from({ length: partitions }, () => ({ next: 0, lastTimestampMs: 0 }));
