/** Reads a partition until a checkpoint is due. */
import type { PartitionAssignment } from '@faultline/bus';
import type { TelemetryTopic } from '@faultline/model';
import { decideBarrier, decideWaitMs, decideWatermark, type Filling } from '../checkpoint/decide.ts';
import { recordHead, type TelemetryRecord } from '../checkpoint/record-head.ts';
import { type PartitionState, telemetryTopics } from '../checkpoint/state.ts';
import type { JoinedTopic } from '../join/join.ts';
import type { Checkpoint } from '../progress.ts';
import { lookForAlertMs } from './alert-watch.ts';
import type { LoopParts, PendingCount } from './parts.ts';

export interface CheckpointBatch {
  readonly checkpoint: Checkpoint;
  /** Every record from the state's positions to the ends of the checkpoint, sorted by `inOrder`. */
  readonly records: readonly TelemetryRecord[];
}

/** Sorts records by topic, then offset, so that the order does not depend on how they were polled. */
export function inOrder(records: readonly TelemetryRecord[]): TelemetryRecord[] {
  const rank = (record: TelemetryRecord) => telemetryTopics.indexOf(record.topic);
  return [...records].sort((a, b) => rank(a) - rank(b) || (a.offset < b.offset ? -1 : 1));
}

/** Limits of one poll. They bound what is held beyond the batch being filled. */
const pollLimit = { maxRecords: 500, maxBytes: 4_194_304 };
const joinedTopics: readonly JoinedTopic[] = ['spans', 'logs'];

/** Created for each run of a partition's loop. */
export class CheckpointReader {
  readonly #parts: LoopParts;
  readonly #assignment: PartitionAssignment;
  readonly #state: PartitionState;
  /** Polled records that are not in a checkpoint yet. */
  #polled: TelemetryRecord[] = [];
  readonly #lastMs: Partial<Record<TelemetryTopic, number>> = {};

  constructor(parts: LoopParts, assignment: PartitionAssignment, state: PartitionState) {
    this.#parts = parts;
    this.#assignment = assignment;
    this.#state = state;
  }

  /**
   * Returns the next checkpoint batch; null when there is nothing to record or the partition was revoked.
   * `pending` is what all partitions of the process hold.
   */
  async next(pending: Readonly<PendingCount>): Promise<CheckpointBatch | null> {
    const { clock, config } = this.#parts;
    const { records, items } = await this.#fill(pending);
    if (this.#assignment.signal.aborted || (records.length === 0 && this.#state.join.pendingItems === 0)) return null;
    const ends = { ...this.#state.positions };
    for (const { topic, offset, timestampMs } of records) {
      ends[topic] = offset + 1n;
      this.#lastMs[topic] = timestampMs;
    }
    const watermarkMs = await this.#watermark(ends);
    if (records.length === 0 && !this.#state.join.mayClose(watermarkMs)) return null;
    const checkpoint: Checkpoint = {
      ends: telemetryTopics.map((topic) => ({ topic, offset: ends[topic] })),
      watermarkMs,
      barrier: decideBarrier(pending.items, items, config.maxPendingSpans),
      takenAtMs: clock(),
    };
    return { checkpoint, records: inOrder(records) };
  }

  async #fill({ partitions }: Readonly<PendingCount>): Promise<{ records: readonly TelemetryRecord[]; items: number }> {
    const { clock, config } = this.#parts;
    const records: TelemetryRecord[] = [];
    let filling: Filling = { items: 0, bytes: 0, sinceMs: clock() };
    for (;;) {
      const isAlerted = await this.#parts.alerts.isAlerted();
      const nowMs = clock();
      const waitMs = decideWaitMs(filling, { nowMs, isAlerted, partitions }, config);
      if (waitMs === 0 || this.#assignment.signal.aborted) return { records, items: filling.items };
      const record = this.#polled.shift();
      if (record === undefined) {
        // With nothing to record, no alert can make it more urgent.
        const hasWork = records.length > 0 || this.#state.join.pendingItems > 0;
        await this.#poll(hasWork ? Math.min(waitMs, lookForAlertMs) : waitMs);
        continue;
      }
      if (records.length === 0) filling = { ...filling, sinceMs: clock() };
      records.push(record);
      const bytes = filling.bytes + (record.value?.byteLength ?? 0);
      filling = { ...filling, items: filling.items + recordHead(record).items, bytes };
    }
  }

  /** After a restart, records of the repeated checkpoint are polled once more. They are skipped. */
  async #poll(waitMs: number): Promise<void> {
    // The subscription covers exactly the telemetry topics.
    const polled = (await this.#assignment.poll({ ...pollLimit, waitMs })) as readonly TelemetryRecord[];
    this.#polled = polled.filter(({ topic, offset }) => offset >= this.#state.positions[topic]);
  }

  async #watermark(ends: PartitionState['positions']): Promise<number> {
    const { bus, clock, config } = this.#parts;
    const atMs = clock();
    const topics = joinedTopics.map(async (topic) => {
      const offsets = await bus.offsets(topic);
      const next = offsets.find(({ partition }) => partition === this.#assignment.partition)?.next ?? 0n;
      return { lastMs: this.#lastMs[topic] ?? null, atEnd: ends[topic] >= next };
    });
    const previousMs = this.#state.join.marks().watermarkMs;
    const { clockSlackMs } = config;
    return decideWatermark({ topics: await Promise.all(topics), atMs, clockSlackMs, previousMs });
  }
}
