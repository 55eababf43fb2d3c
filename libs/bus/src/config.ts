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
      'Which log to use. `embedded` is a folder on this machine, for one process; `kafka` is a cluster, for many.',
    ),
  folder: z
    .string()
    .min(1)
    .default('data/bus')
    .describe('Folder of the embedded log; one process at a time. `:memory:` keeps nothing.'),
  partitions: z
    .strictObject({
      scope: z
        .int()
        .min(1)
        .max(256)
        .default(4)
        .describe('Partitions of topics keyed by scope. Fixed when the log is made.'),
      telemetry: z
        .int()
        .min(1)
        .max(256)
        .default(2)
        .describe(
          'Partitions of telemetry topics, each recorded by itself: more of them means smaller inserts. Fixed when the log is made.',
        ),
    })
    .prefault({})
    .describe('How many partitions the topics have.'),
  maxRecordBytes: z
    .int()
    .min(1_000)
    .max(64 * mib)
    .default(1_000_000)
    .describe('Largest record taken: key, value and headers together.'),
  retentionMs: z
    .partialRecord(z.enum(topicNames), z.int().min(1_000))
    .default({})
    .describe('Time records are kept, by topic, instead of the built-in time. Compacted topics are kept for ever.'),
  telemetryMaxBytes: z
    .int()
    .min(1 * mib)
    .default(8 * 1024 * mib)
    .describe(
      'Most bytes kept for one telemetry topic. Reached with records not yet handled, the topic takes no more.',
    ),
  kafka: kafkaConfig.prefault({}).describe('The cluster, when `kind` is `kafka`.'),
  registry: registryConfig
    .optional()
    .describe('A schema registry: values are then written in Confluent’s wire format. None when left out.'),
});

export type BusConfig = z.infer<typeof busConfig>;
