/** Sends batches of records, with sequence numbers by which a broker recognises a repeat. */
import { type RoutedRecord, recordBytes } from '../routing.ts';
import type { Client } from './client.ts';
import type { CompressionName } from './compression.ts';
import { encodeBatch } from './encode-batch.ts';
import { decideFailure, mayRetry } from './failure.ts';
import { protocolError } from './kafkajs.ts';
import { decodeProduce, type EncodedBatch, encodeProduce, produceApi } from './produce-request.ts';
import { retrying } from './retry.ts';

/** One batch of one partition. `topic` is the name in the cluster. */
export interface OutgoingBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RoutedRecord[];
}

/** The producer, as the brokers know it. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly transactionalId: string | null;
  /** The next sequence number, by `topic/partition`. */
  readonly sequences: Map<string, number>;
}

const duplicateSequence = 46;
const sequenceEnd = 2 ** 31;
/** Upper bound of a record's overhead besides key, value and headers. */
const recordOverheadBytes = 40;

/** Size of records in a batch. */
export function batchBytes(records: readonly RoutedRecord[]): number {
  return records.reduce((sum, record) => sum + recordBytes(record) + recordOverheadBytes, 0);
}

/** Splits records by partition, in order, into batches of at most `maxBytes`. A larger record gets its own batch. */
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
 * Writes batches; those of one partition in order. A request without a response is repeated with the same sequence
 * numbers, so nothing is written twice. Rejects with the last error of the brokers when the retry budget is spent. Do
 * not use the identity again after that.
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
  /** At most one batch per partition, the limit of a request. */
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

/** Encoded once, so that a repeat is identical. */
function encodeNumbered(identity: ProducerIdentity, batch: OutgoingBatch, codec: CompressionName): EncodedBatch {
  const { topic, partition, records } = batch;
  const { producerId, producerEpoch, transactionalId, sequences } = identity;
  const firstSequence = sequences.get(`${topic}/${partition}`) ?? 0;
  const isTransactional = transactionalId !== null;
  const bytes = encodeBatch(records, { producerId, producerEpoch, firstSequence, isTransactional, codec });
  return { topic, partition, bytes };
}
