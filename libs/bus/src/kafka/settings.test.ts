import { AppError, silentLogger } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { kafkaConfig } from './config.ts';
import { clientSettings } from './settings.ts';

const settingsOf = (section: object) => clientSettings(kafkaConfig.parse(section), silentLogger);

test('brokers, login and encryption are as configured', () => {
  const settings = settingsOf({
    brokers: ['kafka-0.kafka:9092', '10.0.0.1:9093'],
    sasl: { mechanism: 'scram-sha-512', username: 'faultline', password: 'pa55' },
    tls: { enabled: true, serverName: 'kafka' },
  });
  expect(settings.brokers).toEqual([
    { host: 'kafka-0.kafka', port: 9092 },
    { host: '10.0.0.1', port: 9093 },
  ]);
  expect(settings.sasl).toEqual({ mechanism: 'scram-sha-512', username: 'faultline', password: 'pa55' });
  expect(settings.ssl).toEqual({ rejectUnauthorized: true, servername: 'kafka' });
  expect(settingsOf({})).toMatchObject({ sasl: null, ssl: null });
});

test('a password never prints with the configuration, and a missing one is told', () => {
  const config = kafkaConfig.parse({ sasl: { mechanism: 'plain', username: 'u', password: 'pa55' } });
  expect(JSON.stringify(config)).not.toContain('pa55');
  expect(() => settingsOf({ sasl: { mechanism: 'plain', username: 'u' } })).toThrow(
    expect.objectContaining({ code: 'BUS_CREDENTIALS' }),
  );
});

test('a file of keys that cannot be read is named', () => {
  const failing = () => settingsOf({ tls: { enabled: true, caFile: '/no/such/ca.pem' } });
  expect(failing).toThrow(AppError);
  expect(failing).toThrow(/\/no\/such\/ca\.pem/);
});

test.each([{ brokers: [] }, { brokers: ['kafka'] }, { topicPrefix: 'a b' }, { compression: 'lz4' }])(
  'a mistake is refused: %o',
  (section) => {
    expect(kafkaConfig.safeParse(section).success).toBe(false);
  },
);
