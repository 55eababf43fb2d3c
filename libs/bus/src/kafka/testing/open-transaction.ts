import { topics } from '@faultline/model';
import type { OutgoingRecord } from '../../port.ts';
import { Client } from '../client.ts';
import type { KafkaBusOptions } from '../index.ts';
import { Names } from '../names.ts';
import { batchesOf, type ProducerIdentity, produce } from '../produce.ts';
import { clientSettings } from '../settings.ts';

/** A transaction as a writer leaves it that is killed before its last step. */
export interface OpenTransaction {
  readonly transactionalId: string;
  end(how: 'commit' | 'abort'): Promise<void>;
  close(): void;
}

/** Writes records in a transaction and leaves it open. */
export async function openTransaction(
  { config, logger }: KafkaBusOptions,
  transactionalId: string,
  records: readonly OutgoingRecord[],
): Promise<OpenTransaction> {
  const names = new Names(config.topicPrefix);
  const client = new Client(
    clientSettings(config, logger),
    topics.map(({ name }) => names.topic(name)),
  );
  const init = { transactionalId, transactionTimeout: config.transactionTimeoutMs };
  const who = (await client.retryCoordinator('transaction', transactionalId, 'InitProducerId', init)) as {
    producerId: string;
    producerEpoch: number;
  };
  const identity: ProducerIdentity = { ...who, transactionalId, sequences: new Map() };
  const id = { transactionalId, producerId: who.producerId, producerEpoch: who.producerEpoch };
  const routed = records.map(({ topic, key, value, partition }) => ({
    topic,
    key,
    value,
    partition: partition ?? 0,
    headers: {},
  }));
  const batches = batchesOf(routed, (topic) => names.topic(topic), 1_000_000);
  const touched = batches.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
  await client.retryCoordinator('transaction', transactionalId, 'AddPartitionsToTxn', { ...id, topics: touched });
  await produce(client, identity, batches, 'none');
  return {
    transactionalId,
    end: async (how) => {
      const end = { ...id, transactionResult: how === 'commit' };
      await client.retryCoordinator('transaction', transactionalId, 'EndTxn', end);
    },
    close: () => client.close(),
  };
}
