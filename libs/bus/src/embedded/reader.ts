import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicName } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import { errorOf } from '../bus-error.ts';
import type { LogRecord } from '../port.ts';
import { recordBytes } from '../routing.ts';
import { isTelemetry } from '../topic-layout.ts';
import { unpackHeaders } from './batch.ts';
import { failureWhileRunning } from './failure.ts';
import type { Files } from './files.ts';
import { mainFileName, segmentName, tableName } from './names.ts';
import type { ReadRange, Segments } from './segments.ts';
import type { Watermarks } from './watermarks.ts';

export interface ReadLimit {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Map<string, StatementSync>;
}

type Row = [offset: number, timestampMs: number, key: string, headers: string | null, value: Uint8Array | null];

/**
 * Reads records in the caller's thread over its own connections, so that readers and writers do not wait for each
 * other. A read is bounded and blocks the event loop for milliseconds at most.
 */
export class Reader {
  readonly #files: Files;
  readonly #watermarks: Watermarks;
  readonly #segments: Segments;
  readonly #open = new Map<string, OpenFile>();
  readonly #onDamage: (segment: { topic: TopicName; sequence: number }) => void;
  readonly #damaged = new Set<string>();

  /** `onDamage` is called once for a segment that cannot be read. Its records are skipped from then on. */
  constructor(
    files: Files,
    watermarks: Watermarks,
    segments: Segments,
    onDamage: (segment: { topic: TopicName; sequence: number }) => void,
  ) {
    this.#onDamage = onDamage;
    this.#files = files;
    this.#watermarks = watermarks;
    this.#segments = segments;
  }

  /**
   * Returns the visible records of a range in order, up to the limit; the first one however large. Empty only when the
   * range holds no visible record.
   */
  read(range: ReadRange, limit: ReadLimit): LogRecord[] {
    const to = Math.min(range.to, this.#watermarks.next(range.topic, range.partition));
    const from = Math.max(range.from, this.#watermarks.first(range.topic, range.partition));
    const found: LogRecord[] = [];
    if (!isTelemetry(range.topic)) return this.#readFile(mainFileName, { ...range, from, to }, limit);
    // A file may hold no records of this partition although the next one does.
    for (const { sequence } of this.#segments.holding({ ...range, from, to })) {
      found.push(...this.#readSegment(sequence, { ...range, from, to }, limit));
      if (found.length > 0) break;
    }
    return found;
  }

  #readSegment(sequence: number, range: ReadRange, limit: ReadLimit): LogRecord[] {
    const file = segmentName(range.topic, sequence);
    if (this.#damaged.has(file)) return [];
    try {
      return this.#readFile(file, range, limit);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'BUS_CORRUPT') throw error;
      this.#damaged.add(file);
      this.#onDamage({ topic: range.topic, sequence });
      return [];
    }
  }

  #readFile(file: string, { topic, partition, from, to }: ReadRange, limit: ReadLimit): LogRecord[] {
    if (from >= to) return [];
    try {
      return this.#readRows(file, { topic, partition, from, to }, limit);
    } catch (error) {
      throw errorOf(failureWhileRunning(error, `reading ${file}`), error);
    }
  }

  #readRows(file: string, { topic, partition, from, to }: ReadRange, limit: ReadLimit): LogRecord[] {
    const found: LogRecord[] = [];
    let bytes = 0;
    const rows = this.#statement(file, tableName(topic, partition)).iterate(from, to, limit.maxRecords);
    try {
      for (const row of rows as unknown as Iterable<Row>) {
        const record = recordOf(topic, partition, row);
        bytes += recordBytes(record);
        if (found.length > 0 && bytes > limit.maxBytes) break;
        found.push(record);
      }
    } catch (error) {
      // What was read before the damage is good. The next read starts at the damage.
      if (found.length === 0) throw error;
    }
    return found;
  }

  #statement(file: string, table: string): StatementSync {
    const open = this.#open.get(file) ?? { database: this.#files.openReader(file), statements: new Map() };
    this.#open.set(file, open);
    const known = open.statements.get(table);
    if (known !== undefined) return known;
    const statement = open.database.prepare(
      `SELECT offset, timestamp, key, headers, value FROM ${table} WHERE offset >= ? AND offset < ? ORDER BY offset LIMIT ?`,
    );
    statement.setReturnArrays(true);
    open.statements.set(table, statement);
    return statement;
  }

  /** Closes a file that is about to be removed. */
  forget(topic: TopicName, sequence: number): void {
    const name = segmentName(topic, sequence);
    const open = this.#open.get(name);
    if (open !== undefined) this.#files.close(open.database);
    this.#open.delete(name);
  }

  close(): void {
    for (const { database } of this.#open.values()) this.#files.close(database);
    this.#open.clear();
  }
}

function recordOf(topic: TopicName, partition: number, [offset, timestampMs, key, headers, value]: Row): LogRecord {
  return { topic, partition, offset: BigInt(offset), timestampMs, key, value, headers: unpackHeaders(headers) };
}
