import { AppError } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import type { RoutedRecord } from '../routing.ts';
import type { Client } from './client.ts';
import type { CompressionName } from './compression.ts';
import { decideFailure, translate } from './failure.ts';
import type { ProducerIdentity } from './produce.ts';
import { batchesOf, produce } from './produce.ts';
import { retrying } from './retry.ts';

export interface TransactionsOptions {
  readonly client: Client;
  readonly transactionalId: string;
  /** The brokers abort a transaction that stays open longer. */
  readonly timeoutMs: number;
  readonly codec: CompressionName;
  readonly maxBatchBytes: number;
  readonly nameOf: (topic: RoutedRecord['topic']) => string;
}

/** Positions of a consumer group, by the topics' names in the cluster. */
export interface GroupPositions {
  readonly group: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly metadata: null }[];
  }[];
}

/**
 * Writes records and positions in transactions, one after another, under one transactional id. A later `init` with the
 * same id fences this one: its open transaction is aborted, and everything it tries later is refused.
 */
export class Transactions {
  readonly #options: TransactionsOptions;
  #identity: ProducerIdentity | undefined;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  /** Takes over the id. When it resolves, no transaction of this id is open. */
  async init(signal?: AbortSignal): Promise<void> {
    const { client, transactionalId, timeoutMs } = this.#options;
    this.#identity = undefined;
    const options = { transactionalId, transactionTimeout: timeoutMs };
    const got = (await client.retryCoordinator('transaction', transactionalId, 'InitProducerId', options, signal)) as {
      producerId: string;
      producerEpoch: number;
    };
    const { producerId, producerEpoch } = got;
    this.#identity = { producerId, producerEpoch, transactionalId, sequences: new Map() };
  }

  get isReady(): boolean {
    return this.#identity !== undefined;
  }

  /**
   * Writes all or nothing. Rejects with BUS_FENCED when the id was taken over. Rejects with BUS_UNAVAILABLE when the
   * write failed, or when only the response to its last step is missing and it may have succeeded. Call `init` after
   * any rejection.
   */
  async write(records: readonly RoutedRecord[], positions: GroupPositions | undefined): Promise<void> {
    const identity = this.#identity;
    if (identity === undefined) throw busError('BUS_UNAVAILABLE', 'the producer is not initialised');
    try {
      await this.#send(identity, records, positions);
    } catch (error) {
      this.#identity = undefined;
      if (decideFailure(error) !== 'fenced') await this.#abort(identity);
      throw translate(error, 'writing a transaction');
    }
    await this.#end(identity);
  }

  async #send(
    identity: ProducerIdentity,
    records: readonly RoutedRecord[],
    positions: GroupPositions | undefined,
  ): Promise<void> {
    const { client, codec, maxBatchBytes, nameOf } = this.#options;
    const batches = batchesOf(records, nameOf, maxBatchBytes);
    const outcomes = await Promise.allSettled([
      batches.length === 0
        ? undefined
        : this.#addPartitions(identity, batches).then(() => produce(client, identity, batches, codec)),
      positions === undefined ? undefined : this.#addPositions(identity, positions),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #addPartitions(
    identity: ProducerIdentity,
    batches: readonly { readonly topic: string; readonly partition: number }[],
  ): Promise<void> {
    const byTopic = new Map<string, Set<number>>();
    for (const { topic, partition } of batches) {
      const partitions = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, partitions.add(partition));
    }
    const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions: [...partitions] }));
    await this.#coordinate('AddPartitionsToTxn', { ...idOf(identity), topics });
  }

  async #addPositions(identity: ProducerIdentity, { group, topics }: GroupPositions): Promise<void> {
    await this.#coordinate('AddOffsetsToTxn', { ...idOf(identity), groupId: group });
    const options = { ...idOf(identity), groupId: group, topics };
    await this.#options.client.retryCoordinator('group', group, 'TxnOffsetCommit', options);
  }

  /** Safe to repeat: the coordinator answers a repeat like the first request. */
  async #end(identity: ProducerIdentity): Promise<void> {
    try {
      await this.#coordinate('EndTxn', { ...idOf(identity), transactionResult: true });
    } catch (error) {
      this.#identity = undefined;
      throw translate(error, 'ending a transaction; it may have been committed');
    }
  }

  async #abort(identity: ProducerIdentity): Promise<void> {
    const { client, transactionalId } = this.#options;
    const options = { ...idOf(identity), transactionResult: false };
    await client.callCoordinator('transaction', transactionalId, 'EndTxn', options).catch(() => undefined);
  }

  #coordinate(api: 'AddPartitionsToTxn' | 'AddOffsetsToTxn' | 'EndTxn', options: object): Promise<unknown> {
    const { client, transactionalId } = this.#options;
    return client.retryCoordinator('transaction', transactionalId, api, options);
  }
}

function idOf({ transactionalId, producerId, producerEpoch }: ProducerIdentity) {
  return { transactionalId, producerId, producerEpoch };
}

/** Initialises a producer without transactions, for batches of one partition. It gets a new id each time. */
export async function initIdempotent(client: Client): Promise<ProducerIdentity> {
  const options = { transactionalId: null, transactionTimeout: client.settings.budgetMs };
  const got = (await retrying({ budgetMs: client.settings.budgetMs, onFailure: (kind) => client.onFailure(kind) }, () =>
    client.callAny('InitProducerId', options),
  )) as { producerId: string; producerEpoch: number };
  return { ...got, transactionalId: null, sequences: new Map() };
}

export const isFenced = (error: unknown): boolean => error instanceof AppError && error.code === 'BUS_FENCED';
