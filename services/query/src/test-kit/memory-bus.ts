/** A log in memory with just what query uses: publish, read, follow, offsets and committed positions. For tests. */
import type { Bus, LogRecord, Position } from '@faultline/bus';
import type { TopicName } from '@faultline/model';

const partitions = 2;

export interface MemoryBus extends Bus {
  readonly commits: Map<string, readonly Position[]>;
}

/** Everything goes to partition 0 unless a record says otherwise. */
export function createMemoryBus(): MemoryBus {
  const records: LogRecord[] = [];
  const commits = new Map<string, readonly Position[]>();
  const wakers = new Set<() => void>();
  const inPartition = (topic: TopicName, partition: number) =>
    records.filter((record) => record.topic === topic && record.partition === partition);
  const refuse = () => {
    throw new Error('query does not consume in a group');
  };
  return {
    commits,
    maxRecordBytes: 1_000_000,
    publish: async (outgoing) => {
      for (const { topic, partition = 0, headers = {}, key, value } of outgoing) {
        const offset = BigInt(inPartition(topic, partition).length);
        records.push({ topic, partition, offset, key, value, headers, timestampMs: 0 });
      }
      for (const wake of [...wakers]) wake();
    },
    subscribe: refuse,
    async *read({ topic, partition, from, to }) {
      for (const record of inPartition(topic, partition))
        if (record.offset >= from && (to === undefined || record.offset < to)) yield record;
    },
    async *follow(topic, signal) {
      const all = () => records.filter((record) => record.topic === topic);
      const atStart = all();
      yield* atStart;
      yield { caughtUp: true } as const;
      for (let next = atStart.length; !signal.aborted; ) {
        const news = all().slice(next);
        next += news.length;
        yield* news;
        if (all().length === next) await woken(wakers, signal);
      }
    },
    offsets: async (topic) =>
      Array.from({ length: partitions }, (_, partition) => ({
        partition,
        first: 0n,
        next: BigInt(inPartition(topic, partition).length),
      })),
    committed: async (group, topic) => commits.get(`${group}/${topic}`) ?? [],
    partitionCount: () => partitions,
    partitionOf: () => 0,
    ping: async () => {},
  };
}

function woken(wakers: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      wakers.delete(finish);
      resolve();
    };
    wakers.add(finish);
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
  });
}
