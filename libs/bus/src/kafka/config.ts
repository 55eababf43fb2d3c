import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { compressionNames } from './compression.ts';

const second = 1_000;

const address = z
  .string()
  .regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port, such as broker1:9092')
  .describe('Address of a broker, as host:port.');

const tls = z.strictObject({
  enabled: z.boolean().default(false).describe('Use TLS for connections to the brokers.'),
  caFile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File with the trusted CA certificates, in PEM. Default: those of the system.'),
  certFile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File with the client certificate, in PEM (mutual TLS).'),
  keyFile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File with the private key of the client certificate, in PEM.'),
  keyPassphrase: secret().nullable().default(null).describe('Passphrase of the private key.'),
  serverName: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Server name expected in the brokers’ certificates. Default: the host of the broker.'),
  dangerouslyAcceptAnyCertificate: z
    .boolean()
    .default(false)
    .describe('Accept any broker certificate. For tests only.'),
});

const sasl = z.strictObject({
  mechanism: z
    .enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512'])
    .default('none')
    .describe('SASL mechanism of the login. `plain` sends the password unencrypted, so use it with TLS only.'),
  username: z.string().default('').describe('User name of the login.'),
  password: secret().nullable().default(null).describe('Password of the login.'),
});

/** The section `bus.kafka` of the configuration. */
export const kafkaConfig = z.strictObject({
  brokers: z
    .array(address)
    .min(1)
    .default(['127.0.0.1:9092'])
    .describe('Addresses of some brokers. The others are discovered from them.'),
  clientId: z.string().min(1).max(100).default('faultline').describe('Client id sent to the brokers.'),
  topicPrefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, 'may hold letters, digits, dots, dashes and underscores')
    .max(100)
    .default('faultline.')
    .describe(
      'Prefix of the names of topics, groups and transactional ids. Two Faultline installations on one cluster need different prefixes.',
    ),
  replicationFactor: z
    .int()
    .min(1)
    .max(32)
    .default(3)
    .describe(
      'Replication factor of the topics that Faultline creates. Use 1 only for experiments on a single broker.',
    ),
  minInSyncReplicas: z
    .int()
    .min(1)
    .max(32)
    .default(2)
    .describe(
      'Number of replicas that must have a record before it counts as written; for topics that Faultline creates.',
    ),
  compression: z
    .enum(compressionNames)
    .default('none')
    .describe(
      'Compression of record batches. Telemetry blocks and journal records are compressed already. `zstd` helps on slow networks.',
    ),
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(4 * second)
    .describe('Timeout of one request, ms.'),
  connectTimeoutMs: z
    .int()
    .min(100)
    .default(2 * second)
    .describe('Timeout of connecting to a broker, ms.'),
  retryBudgetMs: z
    .int()
    .min(100)
    .default(8 * second)
    .describe(
      'How long a failing request is retried before it fails with BUS_UNAVAILABLE, ms. The last try may take one request timeout longer.',
    ),
  transactionTimeoutMs: z
    .int()
    .min(second)
    .default(10 * second)
    .describe(
      'The brokers abort a transaction after this time, ms. When a writer dies, readers of its partitions see nothing newer until then, so keep it short.',
    ),
  sessionTimeoutMs: z
    .int()
    .min(second)
    .default(10 * second)
    .describe(
      'A process that sends no heartbeat for this long loses its partitions, ms. By default, brokers accept 6 s and more.',
    ),
  heartbeatMs: z
    .int()
    .min(50)
    .default(second)
    .describe('Time between heartbeats, ms. It bounds how long a process takes to learn of a rebalance.'),
  handoverMs: z
    .int()
    .min(100)
    .default(5 * second)
    .describe('How long a moving partition waits for the loop of its former holder to return, ms.'),
  topicSettings: z
    .record(z.string(), z.string())
    .default({})
    .describe('Topic settings by Kafka’s names, for topics that Faultline creates. They replace its built-in ones.'),
  sasl: sasl.prefault({}).describe('Login at the brokers.'),
  tls: tls.prefault({}).describe('Encryption of connections to the brokers.'),
});

export type KafkaConfig = z.infer<typeof kafkaConfig>;

/** How to reach a cluster whose topics are only read. */
export const kafkaClusterConfig = kafkaConfig.pick({
  brokers: true,
  clientId: true,
  requestTimeoutMs: true,
  connectTimeoutMs: true,
  retryBudgetMs: true,
  sessionTimeoutMs: true,
  heartbeatMs: true,
  handoverMs: true,
  sasl: true,
  tls: true,
});

export type KafkaClusterConfig = z.infer<typeof kafkaClusterConfig>;
