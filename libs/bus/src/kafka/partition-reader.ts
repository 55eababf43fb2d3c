import type { TopicName } from '@faultline/model';
import { AppError, type Logger, sleep } from '@faultline/runtime';
import type { LogRecord } from '../port.ts';
import { recordBytes } from '../routing.ts';
import type { LeaderClient } from './client.ts';
import type { DataEnds } from './ends.ts';
import { decideFailure } from './failure.ts';
import { type Fetched, fetchOnce } from './fetch.ts';
import { listEnds } from './offsets.ts';

export interface PartitionReaderOptions<Topic extends string = TopicName> {
  readonly client: LeaderClient;
  readonly names: TopicNames<Topic>;
  readonly ends: DataEnds;
  readonly logger: Logger;
  readonly partitions: readonly ReadFrom<Topic>[];
}

/** The names of topics in the cluster. */
export interface TopicNames<Topic extends string> {
  topic(name: Topic): string;
}

export interface ReadFrom<Topic extends string = TopicName> {
  readonly topic: Topic;
  readonly partition: number;
  readonly position: number;
  /** Exclusive end: nothing is fetched from here on. */
  readonly until?: number;
}

export interface TakeLimit {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

export interface ReaderWait {
  /** The version seen before checking for records. */
  readonly since: number;
  readonly waitMs: number | null;
  readonly signal: AbortSignal;
}

interface Cursor<Topic extends string> {
  readonly topic: Topic;
  readonly name: string;
  readonly partition: number;
  readonly until?: number;
  /** The next offset to fetch. */
  position: number;
  /** Fetched records that were not taken yet. */
  readonly buffer: LogRecord<Topic>[];
  bufferedBytes: number;
}

/**
 * A partition with more buffered bytes than this is not fetched. Together with the size of one fetch it bounds the
 * memory of a reader.
 */
const enoughBytes = 2 * 1024 * 1024;
const fetchLimits = { maxWaitMs: 500, maxBytes: 8 * 1024 * 1024, maxBytesPerPartition: 2 * 1024 * 1024 };
/** Wait time of a fetch that skips full partitions, short so that they are fetched soon after they are emptied. */
const shortWaitMs = 10;
const pauseMs = { first: 20, longest: 1_000 };

/** Reads ahead from several partitions, with one fetch request per leading broker at a time. */
export class PartitionReader<Topic extends string = TopicName> {
  readonly #options: PartitionReaderOptions<Topic>;
  readonly #cursors: Cursor<Topic>[];
  readonly #busy = new Set<number>();
  readonly #closing = new AbortController();
  #version = 0;
  readonly #waiting = new Set<() => void>();
  #isPumping = false;
  #again = false;
  #pauseMs = pauseMs.first;
  #turn = 0;

  constructor(options: PartitionReaderOptions<Topic>) {
    this.#options = options;
    this.#cursors = options.partitions.map((one) => ({
      ...one,
      name: options.names.topic(one.topic),
      buffer: [],
      bufferedBytes: 0,
    }));
  }

  /** The next offset to fetch, when no fetched record of the partition is left to take. */
  drainedTo(topic: Topic, partition: number): number | undefined {
    const cursor = this.#cursors.find((one) => one.topic === topic && one.partition === partition);
    return cursor === undefined || cursor.buffer.length > 0 ? undefined : cursor.position;
  }

  /**
   * Takes buffered records within the limits; a first record however large. Starts with another partition each time, so
   * that a busy one cannot starve the others.
   */
  take({ maxRecords, maxBytes }: TakeLimit): LogRecord<Topic>[] {
    const taken: LogRecord<Topic>[] = [];
    let bytes = 0;
    for (let index = 0; index < this.#cursors.length; index += 1) {
      const cursor = this.#cursors[(this.#turn + index) % this.#cursors.length];
      if (cursor === undefined) continue;
      let count = 0;
      for (const record of cursor.buffer) {
        const size = recordBytes(record);
        if (taken.length >= maxRecords || (taken.length > 0 && bytes + size > maxBytes)) break;
        taken.push(record);
        bytes += size;
        cursor.bufferedBytes -= size;
        count += 1;
      }
      cursor.buffer.splice(0, count);
    }
    this.#turn += 1;
    this.#pump();
    return taken;
  }

  /** Changes whenever records arrive or a position moves. */
  get version(): number {
    return this.#version;
  }

  /** Resolves when the version differs from `since`, after `waitMs` (null: no limit), or when `signal` is aborted. */
  async wait({ since, waitMs, signal }: ReaderWait): Promise<void> {
    this.#pump();
    if (signal.aborted || this.#closing.signal.aborted || this.#version !== since) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = waitMs === null ? undefined : setTimeout(resolve, waitMs);
    this.#waiting.add(resolve);
    const wake = () => resolve();
    signal.addEventListener('abort', wake);
    await promise;
    signal.removeEventListener('abort', wake);
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  /** Stops fetching. The owner of the client closes it. */
  close(): void {
    this.#closing.abort();
    this.#notify();
  }

  #notify(): void {
    this.#version += 1;
    for (const wake of this.#waiting) wake();
  }

  #pump(): void {
    this.#again = true;
    if (this.#isPumping) return;
    this.#isPumping = true;
    void this.#startFetches();
  }

  async #startFetches(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      try {
        const byLeader = new Map<number, Cursor<Topic>[]>();
        for (const cursor of this.#cursors) {
          const leader = await this.#options.client.leader(cursor.name, cursor.partition);
          byLeader.set(leader, [...(byLeader.get(leader) ?? []), cursor]);
        }
        for (const [leader, cursors] of byLeader) if (!this.#busy.has(leader)) this.#fetch(leader, cursors);
      } catch (error) {
        await this.#onFailure(error);
      }
    }
    // Cleared in the same turn as the last check of `#again`; otherwise a request in between would be lost.
    this.#isPumping = false;
  }

  #fetch(leader: number, cursors: readonly Cursor<Topic>[]): void {
    const unfinished = cursors.filter(({ position, until }) => until === undefined || position < until);
    const hungry = unfinished.filter(({ bufferedBytes }) => bufferedBytes < enoughBytes);
    if (hungry.length === 0) return;
    this.#busy.add(leader);
    const limits = hungry.length < unfinished.length ? { ...fetchLimits, maxWaitMs: shortWaitMs } : fetchLimits;
    const from = hungry.map(({ name, partition, position }) => ({ topic: name, partition, position }));
    const fetching = fetchOnce(this.#options.client, leader, from, limits).then((responses) =>
      this.#applyAll(responses),
    );
    void fetching
      .catch((error: unknown) => this.#onFailure(error))
      .finally(() => {
        this.#busy.delete(leader);
        this.#pump();
      });
  }

  async #applyAll(responses: readonly Fetched[]): Promise<void> {
    if (this.#closing.signal.aborted) return;
    let hasMoved = false;
    let failure: unknown;
    for (const response of responses) {
      const cursor = this.#cursors.find((one) => one.name === response.topic && one.partition === response.partition);
      // Two fetches are under way when the partition's leader changed meanwhile. The response that does not start at
      // the cursor is ignored.
      if (cursor === undefined || response.from !== cursor.position) continue;
      if (response.error !== undefined && decideFailure(response.error) === 'out-of-range')
        await this.#reposition(cursor);
      else if (response.error !== undefined) failure = response.error;
      else hasMoved = this.#apply(cursor, response) || hasMoved;
    }
    if (hasMoved) this.#notify();
    if (failure !== undefined) throw failure;
    this.#pauseMs = pauseMs.first;
  }

  #apply(cursor: Cursor<Topic>, { records, from, position }: Fetched): boolean {
    if (position === from) return false;
    const { topic, partition } = cursor;
    for (const { offset, ...rest } of records) {
      const record = { topic, partition, ...rest, offset: BigInt(offset) };
      cursor.buffer.push(record);
      cursor.bufferedBytes += recordBytes(record);
    }
    cursor.position = position;
    const last = records.at(-1);
    const dataEnd = last === undefined ? undefined : last.offset + 1;
    this.#options.ends.saw(`${cursor.name}/${partition}`, { from, position, dataEnd });
    return true;
  }

  /**
   * The wanted offset is not retained: continue at the oldest record. An offset beyond the end continues at the end.
   */
  async #reposition(cursor: Cursor<Topic>): Promise<void> {
    const { client, logger } = this.#options;
    const [ends] = await listEnds(client, cursor.name, [cursor.partition]);
    if (ends === undefined) return;
    const to = cursor.position < ends.first ? ends.first : ends.stableEnd;
    const { name: topic, partition, position: from } = cursor;
    logger.warn('the wanted offset is not retained; reading continues at another offset', {
      topic,
      partition,
      from,
      to,
    });
    cursor.position = to;
    this.#notify();
  }

  async #onFailure(error: unknown): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const { client, logger } = this.#options;
    client.onFailure(decideFailure(error));
    const fields = { error: error instanceof Error ? error.message : String(error) };
    // A damaged batch stays damaged, so somebody has to know.
    if (error instanceof AppError && error.code === 'BUS_CORRUPT')
      logger.error('a fetched batch is damaged; retrying', fields);
    else logger.debug('fetching failed; retrying', fields);
    await sleep(this.#pauseMs, this.#closing.signal);
    this.#pauseMs = Math.min(pauseMs.longest, this.#pauseMs * 2);
    this.#again = true;
  }
}
