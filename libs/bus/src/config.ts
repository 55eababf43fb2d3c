import { type TopicName, topics } from '@faultline/model';
import { z } from 'zod';
import { kafkaConfig } from './kafka/config.ts';
import { registryConfig } from './registry/config.ts';

const topicNames = topics.map((topic) => topic.name) as [TopicName, ...TopicName[]];
const mib = 1024 * 1024;

/** The section `bus` of the configuration. */
export const busConfig = z.strictObject({
  kind: z
    .enum(['embedded', 'kafka'])
    .default('embedded')
    .describe(
      'Which log to use. `embedded` is a folder on this machine, for one process. `kafka` is an Apache Kafka cluster, for many processes.',
    ),
  folder: z
    .string()
    .min(1)
    .default('data/bus')
    .describe(
      'Folder of the embedded log. Only one process may use it at a time. `:memory:` keeps the log in memory only.',
    ),
  partitions: z
    .strictObject({
      scope: z
        .int()
        .min(1)
        .max(256)
        .default(4)
        .describe('Number of partitions of topics keyed by scope. Cannot be changed after the log is created.'),
      telemetry: z
        .int()
        .min(1)
        .max(256)
        .optional()
        .describe(
          'Number of partitions of telemetry topics. The recorder inserts each partition on its own, so more partitions mean smaller inserts. Cannot be changed after the log is created. Default: 2 on Kafka; embedded, 1 for a new log and the number of an existing one.',
        ),
    })
    .prefault({})
    .describe('Numbers of partitions.'),
  maxRecordBytes: z
    .int()
    .min(1_000)
    .max(64 * mib)
    .default(1_000_000)
    .describe('Largest record that can be published, in bytes: key, value and headers together.'),
  retentionMs: z
    .partialRecord(z.enum(topicNames), z.int().min(1_000))
    .default({})
    .describe(
      'How long records are retained, per topic; replaces the built-in time. Compacted topics are retained for ever.',
    ),
  telemetryMaxBytes: z
    .int()
    .min(1 * mib)
    .default(8 * 1024 * mib)
    .describe(
      'Largest size of one telemetry topic, in bytes. When the limit is reached and the records are not handled yet, publishing to the topic fails.',
    ),
  startDeadlineMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(60_000)
    .describe(
      'How long the start waits for the Kafka brokers, and for the schema registry, when they do not respond, ms. The log says what is awaited. 0 tries once.',
    ),
  kafka: kafkaConfig.prefault({}).describe('Connection to the Kafka cluster. Used when `kind` is `kafka`.'),
  registry: registryConfig
    .optional()
    .describe('Schema registry. When set, values are written in Confluent’s wire format. Default: no registry.'),
});

export type BusConfig = z.infer<typeof busConfig>;
