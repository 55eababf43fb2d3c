/** Topics of Kafka that ingest reads. */
import { kafkaClusterConfig } from '@faultline/bus';
import type { Signal } from '@faultline/model';
import { z } from 'zod';

/** The signals by the words of OpenTelemetry. */
export const otlpSignals = { traces: 'spans', metrics: 'metrics', logs: 'logs' } as const satisfies Record<
  string,
  Signal
>;
export type OtlpSignalName = keyof typeof otlpSignals;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'lower-case letters, digits and hyphens');

export const kafkaTopicConfig = z
  .strictObject({
    name: name.describe('Name in logs, metrics and health'),
    topic: z
      .string()
      .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'letters, digits, dots, underscores and hyphens')
      .describe('Name of the topic. It may be created later'),
    encoding: z
      .enum(['otlp_proto', 'otlp_json', 'json'])
      .describe(
        'How messages are encoded: `otlp_proto` and `otlp_json` as by the Kafka exporter of a Collector, `json` for a mapping',
      ),
    signal: z
      .enum(['traces', 'metrics', 'logs'])
      .nullable()
      .default(null)
      .describe('What the messages hold. For the encodings of OTLP'),
    source: name
      .nullable()
      .default(null)
      .describe(
        'Source that reads the messages as the bodies of its requests: a mapping, or a built-in one. For `json`',
      ),
    group: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe('Consumer group, which reads this topic only. Default: `faultline-` and the name'),
    startAt: z
      .enum(['earliest', 'latest'])
      .default('earliest')
      .describe('Where the group begins in a partition that it has never read'),
    tenant: z.string().min(1).default('default').describe('Tenant of the messages'),
    cluster: kafkaClusterConfig
      .nullable()
      .default(null)
      .describe('The cluster of the topic. Default: the one of `bus.kafka`, where a message counts exactly once'),
  })
  .superRefine(({ encoding, signal, source }, context) => {
    const isOtlp = encoding !== 'json';
    const message = (text: string) => ({ code: 'custom' as const, message: `${text} with the encoding ${encoding}` });
    if (isOtlp && signal === null) context.addIssue({ ...message('traces, metrics or logs'), path: ['signal'] });
    if (isOtlp && source !== null) context.addIssue({ ...message('nothing: `signal` says it'), path: ['source'] });
    if (!isOtlp && source === null) context.addIssue({ ...message('the name of a source'), path: ['source'] });
    if (!isOtlp && signal !== null) context.addIssue({ ...message('nothing: `source` says it'), path: ['signal'] });
  });
export type KafkaTopicConfig = z.infer<typeof kafkaTopicConfig>;

/** The consumer group of a topic. */
export function groupOf({ name, group }: Pick<KafkaTopicConfig, 'name' | 'group'>): string {
  return group ?? `faultline-${name}`;
}
