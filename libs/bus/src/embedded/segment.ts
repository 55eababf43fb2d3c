import type { DatabaseSync } from 'node:sqlite';
import type { TopicName } from '@faultline/model';
import type { Files, FileTuning } from './files.ts';
import { segmentName, tableName } from './names.ts';
import type { PackedRow } from './packed.ts';
import type { SegmentInfo } from './protocol.ts';
import { createRecordTable, RecordTable, type TableEnd } from './record-table.ts';
import { inTransaction } from './transaction.ts';

const mib = 1024 * 1024;
/**
 * Values are blocks of up to a megabyte and are only appended. Large pages and rare checkpoints triple the throughput
 * of the defaults.
 */
const segmentTuning: FileTuning = { pageBytes: 65_536, checkpointBytes: 32 * mib };

/**
 * Creates the file of a segment that begins at the partitions' current ends. After a crash it exists completely or not
 * at all.
 */
export function createSegment(
  files: Files,
  options: { topic: TopicName; sequence: number; createdMs: number; ends: readonly TableEnd[] },
): void {
  const { topic, sequence, createdMs, ends } = options;
  const database = files.openWriter(segmentName(topic, sequence), segmentTuning);
  inTransaction(database, () => {
    database.exec(`CREATE TABLE segment (created INTEGER NOT NULL) STRICT;
      CREATE TABLE base (partition INTEGER PRIMARY KEY, next INTEGER NOT NULL, timestamp INTEGER NOT NULL) STRICT;
      CREATE TABLE unconfirmed (flush INTEGER, partition INTEGER, start INTEGER NOT NULL, PRIMARY KEY (flush, partition)) STRICT, WITHOUT ROWID`);
    database.prepare('INSERT INTO segment VALUES (?)').run(createdMs);
    ends.forEach(({ next, lastTimestampMs }, partition) => {
      createRecordTable(database, tableName(topic, partition));
      database.prepare('INSERT INTO base VALUES (?, ?, ?)').run(partition, next, lastTimestampMs);
    });
  });
  files.close(database);
}

/** Whether the file holds a complete segment. A crash may have interrupted its creation. */
export function isWholeSegment(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'unconfirmed'").get() !== undefined;
}

/** Reads when and where a segment begins. */
export function readSegment(database: DatabaseSync): { createdMs: number; ends: TableEnd[] } {
  const rows = database.prepare('SELECT next, timestamp FROM base ORDER BY partition').all();
  return {
    createdMs: Number(database.prepare('SELECT created FROM segment').get()?.['created'] ?? 0),
    ends: rows.map((row) => ({ next: Number(row['next']), lastTimestampMs: Number(row['timestamp']) })),
  };
}

/** Describes a file for the reading thread. */
export function describeSegment(
  file: Pick<SegmentInfo, 'topic' | 'sequence' | 'createdMs' | 'bytes'> & { readonly ends: readonly TableEnd[] },
): SegmentInfo {
  const { ends, ...info } = file;
  const recordsBeforeMs = Math.max(0, ...ends.map(({ lastTimestampMs }) => lastTimestampMs));
  return { ...info, recordsBeforeMs, base: ends.map(({ next }) => next) };
}

/** The file that a telemetry topic's records are appended to. */
export class ActiveSegment {
  readonly topic: TopicName;
  readonly sequence: number;
  readonly createdMs: number;
  readonly #files: Files;
  readonly #database: DatabaseSync;
  readonly #base: readonly TableEnd[];
  readonly #tables: readonly RecordTable[];
  #bytes: number;

  /** Opens a complete segment for writing. */
  constructor(files: Files, topic: TopicName, sequence: number) {
    this.topic = topic;
    this.sequence = sequence;
    this.#files = files;
    this.#database = files.openWriter(segmentName(topic, sequence), segmentTuning);
    const { createdMs, ends } = readSegment(this.#database);
    this.createdMs = createdMs;
    this.#base = ends;
    this.#tables = ends.map((start, partition) => new RecordTable(this.#database, tableName(topic, partition), start));
    this.#bytes = files.bytes(segmentName(topic, sequence));
  }

  get ends(): readonly TableEnd[] {
    return this.#tables.map((table) => table.end);
  }

  /** Whether the last flush written here still waits for its confirmation in the main file. */
  get hasUnconfirmed(): boolean {
    return this.#database.prepare('SELECT 1 FROM unconfirmed LIMIT 1').get() !== undefined;
  }

  get isEmpty(): boolean {
    return this.#tables.every((table, partition) => table.end.next === this.#base[partition]?.next);
  }

  get info(): SegmentInfo {
    const { topic, sequence, createdMs } = this;
    return describeSegment({ topic, sequence, createdMs, ends: this.#base, bytes: this.#bytes });
  }

  /**
   * Appends rows in one transaction, after removing flushes later than the confirmed one. When it throws, nothing was
   * written.
   */
  write(rows: readonly PackedRow[], options: { nowMs: number; confirmedFlush: number; flush: number | null }): void {
    try {
      inTransaction(this.#database, () => {
        this.#forgetFlushes(options.confirmedFlush);
        if (options.flush !== null) this.#noteFlush(rows, options.flush);
        for (const row of rows) this.#tables[row.partition]?.append(row, options.nowMs);
      });
    } catch (error) {
      for (const table of this.#tables) table.reload();
      throw error;
    }
    for (const row of rows) this.#bytes += (row.value?.length ?? 0) + row.key.length + 64;
  }

  /** Removes the records of flushes that the main file never confirmed. */
  removeUnconfirmed(confirmedFlush: number): void {
    inTransaction(this.#database, () => this.#forgetFlushes(confirmedFlush));
  }

  #noteFlush(rows: readonly PackedRow[], flush: number): void {
    const note = this.#database.prepare('INSERT INTO unconfirmed VALUES (?, ?, ?)');
    for (const partition of new Set(rows.map((row) => row.partition)))
      note.run(flush, partition, this.#tables[partition]?.end.next ?? 0);
  }

  #forgetFlushes(confirmedFlush: number): void {
    const rows = this.#database.prepare('SELECT flush, partition, start FROM unconfirmed').all();
    if (rows.length === 0) return;
    for (const row of rows) {
      const partition = Number(row['partition']);
      if (Number(row['flush']) <= confirmedFlush) continue;
      this.#database
        .prepare(`DELETE FROM ${tableName(this.topic, partition)} WHERE offset >= ?`)
        .run(Number(row['start']));
      this.#tables[partition]?.reload();
    }
    this.#database.exec('DELETE FROM unconfirmed');
  }

  /** Closes the file without writing, because it is damaged. */
  abandon(): void {
    this.#files.close(this.#database);
  }

  close(): void {
    // Closing alone would leave the write-ahead log on disk while a reader has the file open.
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#files.close(this.#database);
  }
}
