/** Memory of the embedded engine in this process, for measuring; not for production. */
import { openEmbedded } from './embedded.ts';

export interface EngineMemory {
  /** What the engine counts for queries, merges, caches and tables, bytes. */
  readonly trackedBytes: number;
  /** What the engine has allocated and not freed, and the pages its allocator (jemalloc) holds for that, bytes. */
  readonly allocatedBytes: number;
  readonly residentBytes: number;
  /** Merges under way, bytes. */
  readonly mergeBytes: number;
  /** Active parts of all tables. Each has its marks and its primary key in memory. */
  readonly parts: number;
}

const sql = `SELECT
  (SELECT sum(value) FROM system.metrics WHERE metric = 'MemoryTracking') AS trackedBytes,
  toUInt64OrZero(extract(stats, 'Allocated: (\\\\d+)')) AS allocatedBytes,
  toUInt64OrZero(extract(stats, 'resident: (\\\\d+)')) AS residentBytes,
  (SELECT sum(memory_usage) FROM system.merges) AS mergeBytes,
  (SELECT count() FROM system.parts WHERE active) AS parts
FROM (SELECT any(stats) AS stats FROM system.jemalloc_stats)`;

/** Opens one more connection to the engine that this process runs on `folder`. Close it before the store stops. */
export async function watchEngineMemory(
  folder: string,
): Promise<{ read(): Promise<EngineMemory>; close(): Promise<void> }> {
  const client = (await openEmbedded(folder))();
  const read = async (): Promise<EngineMemory> => {
    const result = await client.query({ query: sql, format: 'JSONEachRow' });
    const [row = {}] = await result.json<Record<string, string | number>>();
    const numberOf = (name: keyof EngineMemory) => Number(row[name] ?? 0);
    return {
      trackedBytes: numberOf('trackedBytes'),
      allocatedBytes: numberOf('allocatedBytes'),
      residentBytes: numberOf('residentBytes'),
      mergeBytes: numberOf('mergeBytes'),
      parts: numberOf('parts'),
    };
  };
  return { read, close: () => client.close() };
}
