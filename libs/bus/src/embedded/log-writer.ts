import type { TopicName } from '@faultline/model';
import type { Clock, DiskWatch } from '@faultline/runtime';
import { busError, errorOf, isDiskFullError } from '../bus-error.ts';
import { type RoutedRecord, recordBytes } from '../routing.ts';
import { isTelemetry } from '../topic-layout.ts';
import { packBatch } from './batch.ts';
import type { Remote } from './engine-host.ts';
import { createBusMetrics, type Flush } from './metrics.ts';
import type { Positions } from './positions.ts';
import type {
  DamagedSegment,
  GroupPosition,
  MainEngine,
  SegmentInfo,
  TelemetryEngine,
  TelemetryWritten,
} from './protocol.ts';
import type { Segments } from './segments.ts';
import type { Watermarks } from './watermarks.ts';
import { type Queued, WriteQueue } from './write-queue.ts';

/** Records and positions to write, all or none. */
export interface WriteWork {
  readonly records: readonly RoutedRecord[];
  readonly positions: readonly GroupPosition[];
  /** Called just before writing. False refuses the work with BUS_FENCED. */
  readonly stillOurs: () => boolean;
  /** The telemetry flush that this write confirms. */
  readonly confirmFlush?: number;
}

export interface LogWriterOptions {
  readonly main: Remote<MainEngine>;
  readonly telemetry: Remote<TelemetryEngine>;
  readonly watermarks: Watermarks;
  readonly positions: Positions;
  readonly segments: Segments;
  readonly clock: Clock;
  readonly confirmedFlush: number;
  readonly maxWaitingBytes: number;
  /** Learns of failed writes. */
  readonly disk: Pick<DiskWatch, 'failed' | 'full'>;
  /** Called with damaged segments that were set aside. */
  readonly onDamaged: (damaged: readonly DamagedSegment[]) => void;
  /** Called when a telemetry topic has started a new file, which is a good moment for retention. */
  readonly onNewSegment: () => void;
}

const maxFlushBytes = 8 * 1024 * 1024;
const always = () => true;

/**
 * Sends work to the thread that writes it. Work for telemetry files alone does not touch the main file, and the other
 * way round. Work for both is a two-step commit. The telemetry files are written first, marked with a flush number. The
 * main file's transaction then confirms that number. A flush without confirmation is removed before anything else is
 * written. So the commit is atomic whenever the power fails.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #metrics = createBusMetrics();
  readonly #main: WriteQueue<WriteWork>;
  readonly #telemetry: WriteQueue<WriteWork>;
  /**
   * Undefined after a confirmation failed. It may have been written with only the response lost, so the main file is
   * asked.
   */
  #confirmedFlush: number | undefined;
  #lastFlush: number;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#confirmedFlush = options.confirmedFlush;
    this.#lastFlush = options.confirmedFlush;
    const { maxWaitingBytes } = options;
    this.#main = new WriteQueue({ maxFlushBytes, maxWaitingBytes, flush: (entries) => this.#flushMain(entries) });
    this.#telemetry = new WriteQueue({
      maxFlushBytes,
      maxWaitingBytes,
      flush: (entries) => this.#flushTelemetry(entries),
    });
  }

  /** Resolves when all of the work is on disk and readers can see it. */
  write(work: WriteWork): Promise<void> {
    const bytes = work.records.reduce((sum, record) => sum + recordBytes(record), work.positions.length * 64);
    const telemetry = work.records.some((record) => isTelemetry(record.topic));
    return (telemetry ? this.#telemetry : this.#main).push(work, bytes);
  }

  /** Resolves when all earlier work has been written or refused. */
  async settled(): Promise<void> {
    const nothing: WriteWork = { records: [], positions: [], stillOurs: always };
    await this.#telemetry.push(nothing, 0);
    await this.#main.push(nothing, 0);
  }

  /**
   * Starts new files where the active ones are old. Runs between flushes, because a flush under way may not be
   * confirmed yet.
   */
  async rotate(): Promise<void> {
    await this.#telemetry.between(async () => {
      const rotated = await this.#options.telemetry.rotate({
        nowMs: this.#options.clock(),
        confirmedFlush: await this.#askConfirmed(),
      });
      this.#putSegments(rotated);
    });
  }

  /** Sets a damaged segment aside, between flushes. */
  async setAside(segment: { readonly topic: TopicName; readonly sequence: number }): Promise<void> {
    await this.#telemetry.between(async () => {
      const { telemetry, clock, watermarks, onDamaged } = this.#options;
      const place = { ...segment, nowMs: clock(), confirmedFlush: await this.#askConfirmed() };
      const { damaged, spans, segments } = await telemetry.setAside(place);
      onDamaged([damaged]);
      this.#putSegments(segments);
      for (const span of spans) watermarks.advance(span);
    });
  }

  async #flushMain(entries: readonly Queued<WriteWork>[]): Promise<void> {
    const live = refuseRevoked(entries);
    const records = live.flatMap(({ work }) => work.records);
    const positions = live.flatMap(({ work }) => work.positions);
    const confirmFlush = live.find(({ work }) => work.confirmFlush !== undefined)?.work.confirmFlush ?? null;
    if (records.length > 0 || positions.length > 0 || confirmFlush !== null) {
      const batch = packBatch(records);
      const nowMs = this.#options.clock();
      const flush = { file: 'main', records: records.length, bytes: batch.bytes.length } as const;
      const write = { nowMs, batch, positions, confirmFlush };
      const spans = await this.#watched(this.#options.main.write(write, [batch.bytes.buffer]));
      this.#measure(flush, nowMs);
      for (const position of positions) this.#options.positions.put(position);
      for (const span of spans) this.#options.watermarks.advance(span);
    }
    for (const entry of live) entry.resolve();
  }

  async #flushTelemetry(entries: readonly Queued<WriteWork>[]): Promise<void> {
    const live = refuseRevoked(entries);
    const records = live.flatMap(({ work }) => work.records.filter(({ topic }) => isTelemetry(topic)));
    if (records.length > 0) {
      const flush = live.some(({ work }) => needsConfirmation(work)) ? this.#nextFlush() : null;
      const written = await this.#writeTelemetry(records, flush);
      if (flush !== null) await this.#confirm(live, { flush, written });
      for (const span of written.spans) this.#options.watermarks.advance(span);
      rejectFailed(live, written);
    }
    for (const entry of live) entry.resolve();
  }

  async #askConfirmed(): Promise<number> {
    this.#confirmedFlush ??= (await this.#options.main.open(null)).confirmedFlush;
    return this.#confirmedFlush;
  }

  async #watched<Value>(writing: Promise<Value>): Promise<Value> {
    try {
      return await writing;
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }

  #onFailure(error: unknown): void {
    if (isDiskFullError(error)) this.#options.disk.full();
    else this.#options.disk.failed();
  }

  #measure(flush: Omit<Flush, 'durationMs'>, beganMs: number): void {
    this.#metrics.flushed({ ...flush, durationMs: Math.max(0, this.#options.clock() - beganMs) });
  }

  #nextFlush(): number {
    this.#lastFlush += 1;
    return this.#lastFlush;
  }

  async #writeTelemetry(records: readonly RoutedRecord[], flush: number | null): Promise<TelemetryWritten> {
    const batch = packBatch(records);
    const nowMs = this.#options.clock();
    const confirmedFlush = await this.#askConfirmed();
    const write = { nowMs, batch, confirmedFlush, flush };
    const measured = { file: 'telemetry', records: records.length, bytes: batch.bytes.length } as const;
    const written = await this.#watched(this.#options.telemetry.write(write, [batch.bytes.buffer]));
    for (const { failure } of written.failed) this.#onFailure(errorOf(failure));
    this.#measure(measured, nowMs);
    if (written.damaged.length > 0) this.#options.onDamaged(written.damaged);
    this.#putSegments(written.segments);
    return written;
  }

  async #confirm(
    live: readonly Queued<WriteWork>[],
    { flush, written }: { flush: number; written: TelemetryWritten },
  ): Promise<void> {
    const [failed] = written.failed;
    if (failed !== undefined) throw errorOf(failed.failure);
    const records = live.flatMap(({ work }) => work.records.filter(({ topic }) => !isTelemetry(topic)));
    const positions = live.flatMap(({ work }) => work.positions);
    const bytes = records.reduce((sum, record) => sum + recordBytes(record), 0);
    this.#confirmedFlush = undefined;
    await this.#main.push({ records, positions, stillOurs: always, confirmFlush: flush }, bytes);
    this.#confirmedFlush = flush;
  }

  #putSegments(segments: readonly SegmentInfo[]): void {
    const fresh = segments.map((segment) => this.#options.segments.put(segment));
    if (fresh.includes(true)) this.#options.onNewSegment();
  }
}

function refuseRevoked(entries: readonly Queued<WriteWork>[]): Queued<WriteWork>[] {
  return entries.filter((entry) => {
    if (entry.work.stillOurs()) return true;
    entry.reject(busError('BUS_FENCED', 'the commit was refused'));
    return false;
  });
}

/** A transaction covers one file, so work in more than one needs a confirmation in the main file. */
function needsConfirmation({ records, positions }: WriteWork): boolean {
  return positions.length > 0 || new Set(records.map(({ topic }) => topic)).size > 1;
}

function rejectFailed(live: readonly Queued<WriteWork>[], { failed }: TelemetryWritten): void {
  for (const { topic, failure } of failed)
    for (const entry of live)
      if (entry.work.records.some((record) => record.topic === topic)) entry.reject(errorOf(failure));
}
