/** One fetch request and its response. */

import type { Client } from './client.ts';
import { type Aborted, type CommittedRecords, committedRecords } from './committed.ts';
import { protocolError } from './kafkajs.ts';
import { parseBatches } from './record-batch.ts';
import { ResponseReader } from './response-reader.ts';

/** Where to fetch from. `topic` is the name in the cluster. */
export interface FetchFrom {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
}

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}

export interface Fetched extends CommittedRecords {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was requested. */
  readonly from: number;
  /** Why nothing was fetched from this partition. */
  readonly error: Error | undefined;
  /** The last stable offset: every transaction before it has been committed or aborted. */
  readonly stableEnd: number;
}

interface PartitionResponse {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly stableEnd: number;
  readonly aborted: readonly Aborted[];
  readonly bytes: Buffer;
}

const readCommitted = 1;

/** Fetches from partitions that one broker leads. The broker waits up to `maxWaitMs` for records. */
export async function fetchOnce(
  client: Pick<Client, 'call'>,
  node: number,
  from: readonly FetchFrom[],
  limits: FetchLimits,
): Promise<Fetched[]> {
  const positions = new Map(from.map((one) => [`${one.topic}/${one.partition}`, one.position]));
  const request = {
    replicaId: -1,
    isolationLevel: readCommitted,
    maxWaitTime: limits.maxWaitMs,
    minBytes: 1,
    maxBytes: limits.maxBytes,
    topics: topicsOf(from, limits.maxBytesPerPartition),
  };
  const answers = (await client.call(node, 'Fetch', request, { decode: decodeFetch }, 'fetch')) as PartitionResponse[];
  return answers.map(({ topic, partition, errorCode, stableEnd, aborted, bytes }) => {
    const from = positions.get(`${topic}/${partition}`) ?? 0;
    const answer = { topic, partition, from, stableEnd };
    if (errorCode !== 0) return { ...answer, records: [], position: from, error: protocolError(errorCode) };
    return { ...answer, error: undefined, ...committedRecords(parseBatches(bytes), aborted, from) };
  });
}

function topicsOf(from: readonly FetchFrom[], maxBytes: number): object[] {
  const topics = new Map<string, object[]>();
  for (const { topic, partition, position } of from) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, partitions);
    partitions.push({ partition, fetchOffset: String(position), maxBytes });
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

/** Decodes the response of Fetch version 11 (kafka.apache.org/protocol#The_Messages_Fetch). */
function decodeFetch(payload: Buffer): PartitionResponse[] {
  const read = new ResponseReader(payload);
  read.int32();
  const errorCode = read.int16();
  if (errorCode !== 0) throw protocolError(errorCode);
  read.int32();
  return read
    .array(() => {
      const topic = read.text();
      return read.array(() => readPartition(read, topic));
    })
    .flat();
}

function readPartition(read: ResponseReader, topic: string): PartitionResponse {
  const partition = read.int32();
  const errorCode = read.int16();
  read.int64();
  const stableEnd = Number(read.int64());
  read.int64();
  const aborted = read.array(() => ({ producerId: read.int64(), firstOffset: Number(read.int64()) }));
  read.int32();
  return { topic, partition, errorCode, stableEnd, aborted, bytes: read.bytes(read.int32()) };
}
