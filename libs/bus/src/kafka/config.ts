import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { compressionNames } from './compression.ts';

const second = 1_000;

const address = z
  .string()
  .regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port')
  .describe('A broker, as host:port.');

const tls = z.strictObject({
  enabled: z.boolean().default(false).describe('Speak TLS with the brokers.'),
  caFile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('File with the certificates to trust, instead of the system’s.'),
  certFile: z.string().min(1).nullable().default(null).describe('File with the certificate to show (mutual TLS).'),
  keyFile: z.string().min(1).nullable().default(null).describe('File with the key of that certificate.'),
  keyPassphrase: secret().nullable().default(null).describe('Passphrase of the key.'),
  serverName: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Name expected in the brokers’ certificates, when not their host.'),
  dangerouslyAcceptAnyCertificate: z.boolean().default(false).describe('Do not check certificates. For tests only.'),
});

const sasl = z.strictObject({
  mechanism: z
    .enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512'])
    .default('none')
    .describe('How to log in. `plain` sends the password as it is: use it with TLS only.'),
  username: z.string().default('').describe('The user to log in as.'),
  password: secret().nullable().default(null).describe('Password of the user.'),
});

/** The section `bus.kafka` of the configuration. */
export const kafkaConfig = z.strictObject({
  brokers: z
    .array(address)
    .min(1)
    .default(['127.0.0.1:9092'])
    .describe('Some of the brokers; the others are learnt from them.'),
  clientId: z.string().min(1).max(100).default('faultline').describe('How this process calls itself to the brokers.'),
  topicPrefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]*$/, 'may hold letters, digits, dots, dashes and underscores')
    .max(100)
    .default('faultline.')
    .describe(
      'Begins the names of topics, groups and transactional ids. Two Faultlines on one cluster need two prefixes.',
    ),
  replicationFactor: z
    .int()
    .min(1)
    .max(32)
    .default(3)
    .describe('Copies of each partition, for topics made by Faultline. 1 on a single broker, for trying out only.'),
  minInSyncReplicas: z
    .int()
    .min(1)
    .max(32)
    .default(2)
    .describe('Copies that must have a record before it counts as written, for topics made by Faultline.'),
  compression: z
    .enum(compressionNames)
    .default('none')
    .describe(
      'How records are packed. Telemetry blocks and journal records are packed already; `zstd` helps slow networks.',
    ),
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(4 * second)
    .describe('How long one request may wait for its answer.'),
  connectTimeoutMs: z
    .int()
    .min(100)
    .default(2 * second)
    .describe('How long connecting to a broker may take.'),
  retryBudgetMs: z
    .int()
    .min(100)
    .default(8 * second)
    .describe(
      'How long a failing request is tried again before the sender is told BUS_UNAVAILABLE, one request timeout apart.',
    ),
  transactionTimeoutMs: z
    .int()
    .min(second)
    .default(10 * second)
    .describe(
      'After this the brokers abort a transaction whose writer died. Until then readers of its partitions see nothing newer, so it is short.',
    ),
  sessionTimeoutMs: z
    .int()
    .min(second)
    .default(10 * second)
    .describe('A process silent for so long loses its partitions to others. Brokers allow 6 s and more by default.'),
  heartbeatMs: z
    .int()
    .min(50)
    .default(second)
    .describe('Time between signs of life. A process learns within it that partitions are shared out anew.'),
  handoverMs: z
    .int()
    .min(100)
    .default(5 * second)
    .describe('How long a partition that moves waits for the loop of its former holder to return.'),
  topicSettings: z
    .record(z.string(), z.string())
    .default({})
    .describe('Kafka’s own settings for the topics made by Faultline, instead of its built-in ones.'),
  sasl: sasl.prefault({}).describe('Login to the brokers.'),
  tls: tls.prefault({}).describe('Encryption towards the brokers.'),
});

export type KafkaConfig = z.infer<typeof kafkaConfig>;
