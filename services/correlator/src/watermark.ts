/** How far the recorder is with what had arrived at the time of a query. It compares offsets, never clocks. */
import type { Bus } from '@faultline/bus';
import {
  codecs,
  consumerGroups,
  type EvidenceResult,
  type MissingEvidence,
  progressKey,
  type RecorderProgress,
  type TelemetryTopic,
} from '@faultline/model';
import { backoffMs, type Clock, type Logger, sleep } from '@faultline/runtime';

const telemetryTopics: readonly TelemetryTopic[] = ['spans', 'logs', 'metrics'];

const followBackoff = { baseMs: 200, maxMs: 5_000 };

/** The end of one partition at the time of the query. */
export interface Mark {
  readonly topic: TelemetryTopic;
  readonly partition: number;
  readonly next: bigint;
}

/** A partition that is not recorded up to its mark. */
export interface Behind extends Mark {
  /** The first offset that is not recorded yet. */
  readonly recorded: bigint;
  /** How many blocks are not recorded. */
  readonly behind: bigint;
}

/** The ends of all telemetry partitions that hold anything. */
export async function takeMarks(bus: Bus): Promise<readonly Mark[]> {
  const marks: Mark[] = [];
  for (const topic of telemetryTopics)
    for (const { partition, first, next } of await bus.offsets(topic))
      if (next > first) marks.push({ topic, partition, next });
  return marks;
}

interface RecorderViewOptions {
  readonly bus: Pick<Bus, 'committed'>;
  readonly clock: Clock;
  /** Positions older than this are read again. */
  readonly maxAgeMs: number;
}

/** How far the recorder is. All waiting queries share the last read, so that a storm in many scopes reads no more often than one. */
export class RecorderView {
  readonly #options: RecorderViewOptions;
  #lastRead: { readonly atMs: number; readonly reached: Promise<ReadonlyMap<string, bigint>> } | null = null;

  constructor(options: RecorderViewOptions) {
    this.#options = options;
  }

  /** The marks that the recorder has not reached yet. */
  async behind(marks: readonly Mark[]): Promise<readonly Behind[]> {
    const reached = await this.#reached();
    return marks
      .map((mark) => {
        const recorded = reached.get(`${mark.topic}/${mark.partition}`) ?? 0n;
        return { ...mark, recorded, behind: mark.next - recorded };
      })
      .filter(({ behind }) => behind > 0n);
  }

  #reached(): Promise<ReadonlyMap<string, bigint>> {
    const { clock, maxAgeMs } = this.#options;
    const atMs = clock();
    if (this.#lastRead !== null && atMs - this.#lastRead.atMs < maxAgeMs) return this.#lastRead.reached;
    const read = { atMs, reached: this.#read() };
    this.#lastRead = read;
    read.reached.catch(() => {
      if (this.#lastRead === read) this.#lastRead = null;
    });
    return read.reached;
  }

  async #read(): Promise<ReadonlyMap<string, bigint>> {
    const reached = new Map<string, bigint>();
    for (const topic of telemetryTopics)
      for (const { partition, offset } of await this.#options.bus.committed(consumerGroups.recorder, topic))
        reached.set(`${topic}/${partition}`, offset);
    return reached;
  }
}

/**
 * For each signal that the recorder is behind with, the time up to which everything that had arrived is recorded: when the first block that
 * is not came in. A sender's last blocks may wait in one partition while others are recorded, so the partition furthest behind counts.
 */
export async function recordedUntil(
  bus: Pick<Bus, 'read'>,
  behind: readonly Behind[],
): Promise<NonNullable<EvidenceResult['recordedUntilMs']>> {
  const untilMs: Partial<Record<TelemetryTopic, number>> = {};
  for (const { topic, partition, recorded } of behind)
    for await (const { timestampMs } of bus.read({ topic, partition, from: recorded, to: recorded + 1n }))
      untilMs[topic] = Math.min(untilMs[topic] ?? timestampMs, timestampMs);
  return untilMs;
}

/** What is not recorded yet: one entry for each signal. */
export function missingOfBehind(
  behind: readonly { readonly topic: string; readonly behind: bigint }[],
): MissingEvidence[] {
  return telemetryTopics.flatMap((topic): MissingEvidence[] => {
    const blocks = behind.filter((mark) => mark.topic === topic).reduce((sum, mark) => sum + mark.behind, 0n);
    return blocks === 0n ? [] : [{ part: topic, code: 'behind', detail: String(blocks) }];
  });
}

/** Follows how far traces have settled. */
export class SettledView {
  readonly #progress = new Map<number, RecorderProgress>();

  /** Runs until the signal is aborted. Reconnects after a failure; until then the last progress counts. */
  async follow(bus: Bus, { signal, logger }: { signal: AbortSignal; logger: Logger }): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1)
      try {
        await this.#followOnce(bus, signal);
      } catch (error) {
        logger.warn('progress of the recorder is not seen: evidence counts as provisional', { error: String(error) });
        await sleep(backoffMs(attempt, followBackoff, Math.random), signal);
      }
  }

  async #followOnce(bus: Bus, signal: AbortSignal): Promise<void> {
    for await (const record of bus.follow('recorder-progress', signal)) {
      if ('caughtUp' in record || record.value === null || record.key !== progressKey(record.partition)) continue;
      const decoded = codecs.recorderProgress.decode(record.value);
      if (decoded.ok) this.#progress.set(record.partition, decoded.value);
    }
  }

  /** Whether all traces before the marks had settled. */
  isSettled(marks: readonly Mark[]): boolean {
    return marks
      .filter(({ topic }) => topic === 'spans')
      .every(({ partition, next }) => {
        const spans = this.#progress.get(partition)?.topics.find(({ topic }) => topic === 'spans');
        return spans !== undefined && spans.low >= next;
      });
  }
}
