/** Kafka behind a registry: the contract suite, and what independent clients see. */

import { codecs } from '@faultline/model';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { readAll } from '../../contract/harness.ts';
import { busContract } from '../../contract/index.ts';
import { kafkaUnderTest, testBrokers, testOptions } from '../kafka/testing/under-test.ts';
import { behindRegistry } from './testing/behind-registry.ts';
import { totals } from './testing/schemas.ts';

const underTest = async (options = testOptions()) => behindRegistry(await kafkaUnderTest(options), inject('registry'));

// A broker's clock cannot be moved.
busContract('kafka, behind a registry', () => underTest(), { skip: ['maintenance'] });

it('a consumer that knows nothing of us reads our records, and we read those of such a producer', async () => {
  const options = testOptions();
  const tested = await underTest(options);
  const kafka = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING });
  const registry = new SchemaRegistry({ host: inject('registry') });
  const topic = `${options.config.topicPrefix}ledger`;
  const [consumer, producer] = [kafka.consumer({ groupId: topic }), kafka.producer()];
  try {
    await tested.bus.publish([{ topic: 'ledger', key: 'k', value: codecs.ledgerTotals.encode(totals) }]);
    await Promise.all([consumer.connect(), producer.connect()]);
    await consumer.subscribe({ topic, fromBeginning: true });
    const { promise: seen, resolve } = Promise.withResolvers<Buffer>();
    await consumer.run({ eachMessage: async ({ message }) => resolve(message.value ?? Buffer.alloc(0)) });
    const ours = await seen;
    expect(await registry.decode(ours)).toEqual(totals);

    const theirs = await registry.encode(ours.readUInt32BE(1), totals);
    await producer.send({ topic, messages: [{ key: 'k', value: theirs }] });
    const back = (await readAll(tested.bus, 'ledger')).map(({ value }) => codecs.ledgerTotals.decode(value ?? ours));
    expect(back).toEqual([
      { ok: true, value: totals },
      { ok: true, value: totals },
    ]);
  } finally {
    await Promise.all([consumer.disconnect(), producer.disconnect()]);
    await tested.close();
  }
});
