/** Batches of records on their way to the brokers, with the sequence numbers by which a broker knows a repeat. */
import { type RoutedRecord, recordBytes } from '../embedded/batch.ts';
import type { Client } from './client.ts';
import { decideFailure, mayRetry } from './failure.ts';
import { protocolError } from './kafkajs.ts';
import { retrying } from './retry.ts';

/** One batch of one partition; the topic by its name in the cluster. */
export interface OutgoingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RoutedRecord[];
}

/** Who writes, as the brokers know it. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly transactionalId: string | null;
  /** The next sequence number, by `topic/partition`. */
  readonly sequences: Map<string, number>;
}

interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

const allReplicas = -1;
const duplicateSequence = 46;
const sequenceEnd = 2 ** 31;
/** What a record costs beside its key, value and headers, at most. */
const recordOverheadBytes = 40;

/** What records count for in the size of a batch. */
export function batchBytes(records: readonly RoutedRecord[]): number {
  return records.reduce((sum, record) => sum + recordBytes(record) + recordOverheadBytes, 0);
}

/** Splits records by partition, in order, into batches of at most `maxBytes` (one record at least). */
export function batchesOf(
  records: readonly RoutedRecord[],
  nameOf: (topic: RoutedRecord['topic']) => string,
  maxBytes: number,
): OutgoingBatch[] {
  const batches: OutgoingBatch[] = [];
  const open = new Map<string, { records: RoutedRecord[]; bytes: number }>();
  for (const record of records) {
    const name = `${record.topic}/${record.partition}`;
    const bytes = recordBytes(record) + recordOverheadBytes;
    let batch = open.get(name);
    if (batch === undefined || batch.bytes + bytes > maxBytes) {
      batch = { records: [], bytes: 0 };
      open.set(name, batch);
      batches.push({ topic: nameOf(record.topic), partition: record.partition, records: batch.records });
    }
    batch.records.push(record);
    batch.bytes += bytes;
  }
  return batches;
}

/**
 * Writes batches, those of one partition in order. A try that had no answer is repeated with the same numbers, so nothing is written twice. Rejects
 * with what the brokers said last when the budget is used up: the identity is then of no more use.
 */
export async function produce(
  client: Client,
  identity: ProducerIdentity,
  batches: readonly OutgoingBatch[],
  codec: number,
): Promise<void> {
  let left = batches;
  while (left.length > 0) {
    const round = new Map<string, OutgoingBatch>();
    const later: OutgoingBatch[] = [];
    for (const batch of left) {
      const name = `${batch.topic}/${batch.partition}`;
      if (round.has(name)) later.push(batch);
      else round.set(name, batch);
    }
    await produceRound(client, identity, { batches: [...round.values()], codec });
    left = later;
  }
}

interface Round {
  /** At most one of each partition: a request holds no more. */
  readonly batches: readonly OutgoingBatch[];
  readonly codec: number;
}

async function produceRound(client: Client, identity: ProducerIdentity, { batches, codec }: Round): Promise<void> {
  let left = batches;
  const { budgetMs } = client.settings;
  await retrying({ budgetMs, onFailure: (kind) => client.onFailure(kind) }, async () => {
    const byLeader = new Map<number, OutgoingBatch[]>();
    for (const batch of left) {
      const leader = await client.leader(batch.topic, batch.partition);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), batch]);
    }
    const outcomes = await Promise.allSettled(
      [...byLeader].map(([node, own]) => produceOnce(client, node, identity, { batches: own, codec })),
    );
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    const taken = new Set(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.taken : [])));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.errors : []));
    left = left.filter((batch) => !taken.has(batch));
    const errors = [...failed, ...refusals];
    const worst = errors.find((error) => !mayRetry(decideFailure(error))) ?? errors[0];
    if (worst !== undefined) throw worst;
  });
  for (const { topic, partition, records } of batches) {
    const name = `${topic}/${partition}`;
    identity.sequences.set(name, ((identity.sequences.get(name) ?? 0) + records.length) % sequenceEnd);
  }
}

async function produceOnce(
  client: Client,
  node: number,
  identity: ProducerIdentity,
  { batches, codec }: Round,
): Promise<{ taken: OutgoingBatch[]; errors: Error[] }> {
  const { producerId, producerEpoch, transactionalId, sequences } = identity;
  const request = {
    acks: allReplicas,
    timeout: client.settings.requestTimeoutMs,
    compression: codec,
    transactionalId: transactionalId ?? undefined,
    producerId,
    producerEpoch,
    topicData: batches.map(({ topic, partition, records }) => ({
      topic,
      partitions: [
        { partition, firstSequence: sequences.get(`${topic}/${partition}`) ?? 0, messages: records.map(messageOf) },
      ],
    })),
  };
  const answer = (await client.call(node, 'Produce', request, { raw: true })) as ProduceAnswer;
  const codes = new Map(
    answer.topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, errorCode }) => [`${topicName}/${partition}`, errorCode] as const),
    ),
  );
  const taken: OutgoingBatch[] = [];
  const errors: Error[] = [];
  for (const batch of batches) {
    const code = codes.get(`${batch.topic}/${batch.partition}`) ?? -1;
    if (code === 0 || code === duplicateSequence) taken.push(batch);
    else errors.push(protocolError(code));
  }
  return { taken, errors };
}

function messageOf({ key, value, headers }: RoutedRecord): object {
  return {
    key,
    value: value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: headers ?? {},
  };
}
