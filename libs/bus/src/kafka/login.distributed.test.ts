/** Login and encryption against a broker that requires them. */
import { type Kafka, startKafka } from '@faultline/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAll, record, textOf } from '../../contract/harness.ts';
import { kafkaConfig } from './config.ts';
import { createKafkaBus, type KafkaBusOptions } from './index.ts';
import { testConfig, testOptions } from './testing/under-test.ts';

const login = { user: 'ann', password: 'hunter2' };
let kafka: Kafka;
beforeAll(async () => {
  kafka = await startKafka({ brokers: 1, login });
}, 120_000);
afterAll(() => kafka?.stop());

interface Door {
  readonly mechanism: string;
  readonly password?: string;
  readonly caFile?: string | null;
}

function optionsFor({
  mechanism,
  password = login.password,
  caFile = kafka.secure?.caFile ?? null,
}: Door): KafkaBusOptions {
  const { tls, sasl } = kafkaConfig.parse({
    tls: { enabled: true, caFile },
    sasl: { mechanism, username: login.user, password },
  });
  const brokers = (kafka.secure?.bootstrap ?? '').split(',');
  return { ...testOptions(), config: testConfig({ brokers, tls, sasl, retryBudgetMs: 5_000 }) };
}

it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('%s over TLS: what is written is read', async (mechanism) => {
  const { value: bus, stop } = await createKafkaBus(optionsFor({ mechanism })).start();
  try {
    await bus.publish([record('alerts', 'k', mechanism)]);
    expect((await readAll(bus, 'alerts')).map(textOf)).toEqual([mechanism]);
  } finally {
    await stop();
  }
});

it.each(['plain', 'scram-sha-512'])('a wrong password is refused for good, and not told (%s)', async (mechanism) => {
  const starting = createKafkaBus(optionsFor({ mechanism, password: 'wr0ng' })).start();
  await expect(starting).rejects.toMatchObject({ code: 'BUS_DENIED', kind: 'permanent' });
  await expect(starting).rejects.not.toThrow(/wr0ng/);
});

it('a broker whose certificate nobody vouches for is not spoken to', async () => {
  const starting = createKafkaBus(optionsFor({ mechanism: 'plain', caFile: null })).start();
  await expect(starting).rejects.toMatchObject({ name: 'AppError' });
});
