/** Batches of records on their way to the brokers, with the sequence numbers by which a broker knows a repeat. */
import { type RoutedRecord, recordBytes } from '../routing.ts';
import type { Client } from './client.ts';
import type { CompressionName } from './compression.ts';
import { encodeBatch } from './encode-batch.ts';
import { decideFailure, mayRetry } from './failure.ts';
import { protocolError } from './kafkajs.ts';
import { decodeProduce, type EncodedBatch, encodeProduce, produceApi } from './produce-request.ts';
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
  codec: CompressionName,
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
  readonly codec: CompressionName;
}

async function produceRound(client: Client, identity: ProducerIdentity, { batches, codec }: Round): Promise<void> {
  let left = batches.map((batch) => encodeNumbered(identity, batch, codec));
  const { budgetMs } = client.settings;
  await retrying({ budgetMs, onFailure: (kind) => client.onFailure(kind) }, async () => {
    const byLeader = new Map<number, EncodedBatch[]>();
    for (const batch of left) {
      const leader = await client.leader(batch.topic, batch.partition);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), batch]);
    }
    const outcomes = await Promise.allSettled(
      [...byLeader].map(([node, own]) => produceOnce(client, node, identity, own)),
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
  batches: readonly EncodedBatch[],
): Promise<{ taken: EncodedBatch[]; errors: Error[] }> {
  const { transactionalId } = identity;
  const request = encodeProduce(batches, { transactionalId, timeoutMs: client.settings.requestTimeoutMs });
  const codes = decodeProduce(await client.callRaw(node, produceApi, request));
  const taken: EncodedBatch[] = [];
  const errors: Error[] = [];
  for (const batch of batches) {
    const code = codes.get(`${batch.topic}/${batch.partition}`) ?? -1;
    if (code === 0 || code === duplicateSequence) taken.push(batch);
    else errors.push(protocolError(code));
  }
  return { taken, errors };
}

/** Encoded once, so that a repeat is the same to the last byte. */
function encodeNumbered(identity: ProducerIdentity, batch: OutgoingBatch, codec: CompressionName): EncodedBatch {
  const { topic, partition, records } = batch;
  const { producerId, producerEpoch, transactionalId, sequences } = identity;
  const firstSequence = sequences.get(`${topic}/${partition}`) ?? 0;
  const isTransactional = transactionalId !== null;
  const bytes = encodeBatch(records, { producerId, producerEpoch, firstSequence, isTransactional, codec });
  return { topic, partition, bytes };
}
