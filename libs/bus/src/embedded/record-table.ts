import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PackedRow } from './packed.ts';

/** The end of a partition: the next offset, and the time of the last record in ms. */
export interface TableEnd {
  readonly next: number;
  readonly lastTimestampMs: number;
}

/**
 * Creates the table of a partition. The value is the last column, so that reading the others does not load its pages.
 */
export function createRecordTable(database: DatabaseSync, name: string): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${name} (offset INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, key TEXT NOT NULL, headers TEXT, value BLOB) STRICT`,
  );
}

/**
 * Writes the records of one partition in one file and assigns their offsets. An offset is the last row's plus one, or
 * `start` in an empty table. So the last row of a partition must never be deleted from the active file.
 */
export class RecordTable {
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #start: TableEnd;
  #end: TableEnd;

  constructor(database: DatabaseSync, name: string, start: TableEnd) {
    this.#start = start;
    this.#insert = database.prepare(
      `INSERT INTO ${name} (offset, timestamp, key, headers, value) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#last = database.prepare(`SELECT offset, timestamp FROM ${name} ORDER BY offset DESC LIMIT 1`);
    this.#end = this.#readEnd();
  }

  get end(): TableEnd {
    return this.#end;
  }

  /**
   * Adds a row inside the caller's transaction. Its timestamp is `nowMs`, or the last record's when the clock was set
   * back.
   */
  append(row: PackedRow, nowMs: number): void {
    const timestampMs = Math.max(nowMs, this.#end.lastTimestampMs);
    this.#insert.run(this.#end.next, timestampMs, row.key, row.headers, row.value);
    this.#end = { next: this.#end.next + 1, lastTimestampMs: timestampMs };
  }

  /** Call this after the transaction was rolled back or rows were deleted at the end. */
  reload(): void {
    this.#end = this.#readEnd();
  }

  #readEnd(): TableEnd {
    const last = this.#last.get() as { offset: number; timestamp: number } | undefined;
    return last === undefined ? this.#start : { next: last.offset + 1, lastTimestampMs: last.timestamp };
  }
}
