import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicName } from '@faultline/model';
import { failure } from '../failure.ts';
import type { PartitionCounts } from '../topic-layout.ts';
import { compactSlice, expireSlice } from './clean.ts';
import { FailureError } from './failure.ts';
import type { Files, FileTuning } from './files.ts';
import { mainFileName, tableName } from './names.ts';
import { rowsOf } from './packed.ts';
import type {
  CompactSlice,
  EngineOptions,
  EngineTopic,
  ExpireSlice,
  GroupPosition,
  MainEngine,
  MainState,
  MainWrite,
  PartitionSpan,
  SliceDone,
} from './protocol.ts';
import { createRecordTable, RecordTable } from './record-table.ts';
import { inTransaction } from './transaction.ts';

const mib = 1024 * 1024;
/** Small records in many tables. Small pages, because a commit rewrites every page that it touches. */
export const mainTuning: FileTuning = { pageBytes: 4096, checkpointBytes: 16 * mib };

interface MainPartition {
  readonly topic: TopicName;
  readonly partition: number;
  readonly name: string;
  readonly table: RecordTable;
  first: number;
}

/** The main file: all topics but telemetry, all committed positions, and which telemetry flush is confirmed. */
export class MainFile implements MainEngine {
  readonly #files: Files;
  readonly #topics: readonly EngineTopic[];
  readonly #database: DatabaseSync;
  readonly #partitions = new Map<string, MainPartition>();
  readonly #setPosition: StatementSync;
  readonly #setMeta: StatementSync;

  /** Opens or creates the file. Throws BUS_PARTITIONS_CHANGED when it was created with other partition counts. */
  constructor(files: Files, { topics, partitions }: Pick<EngineOptions, 'topics' | 'partitions'>) {
    this.#files = files;
    this.#topics = topics;
    this.#database = files.openWriter(mainFileName, mainTuning);
    inTransaction(this.#database, () => createSchema(this.#database, { topics, partitions }));
    this.#setPosition = this.#database.prepare('INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?)');
    this.#setMeta = this.#database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    for (const { topic, partition } of mainPartitions(topics)) this.#openPartition(topic, partition);
  }

  #openPartition(topic: TopicName, partition: number): void {
    const name = tableName(topic, partition);
    const table = new RecordTable(this.#database, name, { next: 0, lastTimestampMs: 0 });
    const opened = { topic, partition, name, table, first: 0 };
    opened.first = this.#firstOffset(opened);
    this.#partitions.set(name, opened);
  }

  #firstOffset({ name, table }: MainPartition): number {
    const row = this.#database.prepare(`SELECT min(offset) AS first FROM ${name}`).get() as { first: number | null };
    return row.first ?? table.end.next;
  }

  #partition(topic: TopicName | undefined, partition: number): MainPartition {
    const found = this.#partitions.get(tableName(topic ?? '', partition));
    if (found === undefined) throw new Error(`no partition ${partition} of topic ${topic}`);
    return found;
  }

  open(): MainState {
    const meta = this.#database.prepare("SELECT value FROM meta WHERE name = 'confirmed-flush'").get();
    return {
      spans: [...this.#partitions.values()].map(spanOf),
      positions: this.#database
        .prepare('SELECT consumer AS "group", topic, partition, offset FROM position')
        .all() as unknown as GroupPosition[],
      confirmedFlush: Number(meta?.['value'] ?? 0),
    };
  }

  /** Writes records, positions and the confirmation in one transaction. */
  write({ nowMs, batch, positions, confirmFlush }: MainWrite): readonly PartitionSpan[] {
    const touched = new Set<MainPartition>();
    try {
      inTransaction(this.#database, () => {
        for (const row of rowsOf(batch)) {
          const partition = this.#partition(this.#topics[row.topic]?.name, row.partition);
          touched.add(partition);
          partition.table.append(row, nowMs);
        }
        for (const { group, topic, partition, offset } of positions)
          this.#setPosition.run(group, topic, partition, offset);
        if (confirmFlush !== null) this.#setMeta.run('confirmed-flush', String(confirmFlush));
      });
    } catch (error) {
      for (const partition of touched) partition.table.reload();
      throw error;
    }
    return [...touched].map(spanOf);
  }

  compact(slice: CompactSlice): SliceDone {
    const partition = this.#partition(slice.topic, slice.partition);
    return this.#clean(partition, compactSlice(this.#database, partition.name, slice));
  }

  expire(slice: ExpireSlice): SliceDone {
    const partition = this.#partition(slice.topic, slice.partition);
    return this.#clean(partition, expireSlice(this.#database, partition.name, slice));
  }

  #clean(partition: MainPartition, more: boolean): SliceDone {
    partition.first = this.#firstOffset(partition);
    return { span: spanOf(partition), more };
  }

  /** Writes, so that a disk that accepts no writes is noticed. */
  ping(nowMs: number): null {
    inTransaction(this.#database, () => this.#setMeta.run('pinged-at', String(nowMs)));
    return null;
  }

  close(): null {
    this.#files.close(this.#database);
    return null;
  }
}

const spanOf = ({ topic, partition, first, table }: MainPartition): PartitionSpan => ({
  topic,
  partition,
  first,
  next: table.end.next,
});

function mainPartitions(topics: readonly EngineTopic[]): { topic: TopicName; partition: number; compacted: boolean }[] {
  return topics
    .filter(({ telemetry }) => !telemetry)
    .flatMap(({ name: topic, compacted, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, compacted })),
    );
}

function createSchema(
  database: DatabaseSync,
  { topics, partitions }: Pick<EngineOptions, 'topics' | 'partitions'>,
): void {
  database.exec(`CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS position (consumer TEXT, topic TEXT, partition INTEGER, offset INTEGER NOT NULL,
      PRIMARY KEY (consumer, topic, partition)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS compaction (name TEXT PRIMARY KEY, cleaned INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
  holdPartitionCounts(database, partitions);
  for (const { topic, partition, compacted } of mainPartitions(topics)) {
    createRecordTable(database, tableName(topic, partition));
    if (compacted) createKeyIndexes(database, topic, partition);
  }
}

/** Indexes by key, to find the records that a new one replaces, and of tombstones. */
function createKeyIndexes(database: DatabaseSync, topic: TopicName, partition: number): void {
  const name = tableName(topic, partition);
  database.exec(`CREATE INDEX IF NOT EXISTS "${topic}/${partition}/key" ON ${name} (key);
    CREATE INDEX IF NOT EXISTS "${topic}/${partition}/tombstone" ON ${name} (timestamp) WHERE value IS NULL`);
}

function holdPartitionCounts(database: DatabaseSync, counts: PartitionCounts): void {
  const wanted = JSON.stringify({ scope: counts.scope, telemetry: counts.telemetry });
  database.prepare("INSERT OR IGNORE INTO meta VALUES ('partitions', ?)").run(wanted);
  const row = database.prepare("SELECT value FROM meta WHERE name = 'partitions'").get();
  if (row?.['value'] === wanted) return;
  throw new FailureError(
    failure(
      'BUS_PARTITIONS_CHANGED',
      `the folder was created with bus.partitions ${row?.['value']}; the configuration says ${wanted}`,
    ),
  );
}
