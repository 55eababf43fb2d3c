import { entityKinds, entityRuleIds } from '@faultline/model';
import { secret, tlsConfig } from '@faultline/runtime';
import { z } from 'zod';
import { kafkaTopicConfig } from './kafka-config.ts';
import { expressionFlaw } from './mapping/read-expression.ts';

const mib = 1024 * 1024;
const day = 86_400_000;
const count = (value: number, text: string) => z.int().positive().default(value).describe(text);
const names = z.array(z.string().min(1));

const address = (port: number) => ({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(port).describe('Port; 0 takes any free one'),
  tls: tlsConfig,
});

const corsConfig = z.strictObject({
  allowedOrigins: names
    .default([])
    .describe('Pages that may send from a browser: `https://shop.example`, `https://*.shop.example`, or `*` for all'),
  allowedHeaders: names.default([]).describe('Headers that such pages may send, beside the usual ones'),
  maxAgeSeconds: z.int().min(0).default(7200).describe('How long a browser may remember the answer'),
});
export type CorsConfig = z.infer<typeof corsConfig>;

const limitsConfig = z.strictObject({
  telemetryBodyBytes: count(16 * mib, 'Largest body of telemetry as sent: OTLP and Prometheus remote write'),
  telemetryDecompressedBytes: count(64 * mib, 'Largest body of telemetry once decompressed'),
  alertBodyBytes: count(2 * mib, 'Largest body of any other source, as sent and once decompressed'),
  inFlightBytes: count(
    256 * mib,
    'Bodies of telemetry on their way or being handled, all together; above it senders are asked to come again',
  ),
  alertInFlightBytes: count(64 * mib, 'The same for alerts and changes, which have room of their own'),
  unknownInFlightBytes: count(
    16 * mib,
    'The same for senders that are not known before their body is read: those with the token inside it',
  ),
  connectionBytes: count(64 * mib, 'Bodies of one connection on their way or being handled'),
  decompressionRatio: count(200, 'Most bytes that one byte of a compressed body may become; the first MiB is free'),
  resources: count(20_000, 'Most resources of one OTLP request, and most targets of one remote write'),
  scopes: count(50_000, 'Most instrumentation scopes of one OTLP request, all resources together'),
  items: count(200_000, 'Most spans, log records, data points or samples of one request'),
  itemParts: count(20_000, 'Most events, links, nested attribute values and buckets of one telemetry item'),
  jsonValues: count(2_000_000, 'Most values of one JSON body, objects and lists among them'),
  processorMs: count(5000, 'Most processor time for decoding one request of telemetry'),
  jsonDepth: count(64, 'Deepest nesting of a JSON body'),
  valueDepth: count(16, 'Deepest nesting of one OTLP attribute value'),
  labels: count(256, 'Most labels, and most annotations, of one alert'),
  attributes: count(1024, 'Most attributes of one span, log record, data point or resource'),
  labelValueBytes: count(4096, 'Longest label value; the rest is cut'),
  textBytes: count(64 * 1024, 'Longest attribute value, annotation or log body; the rest is cut'),
  mappingMs: count(1000, 'Longest evaluation of one mapping'),
  mappingMemoryMb: count(128, 'Most memory of the thread that evaluates mappings'),
  mappingWaiting: count(100, 'Most bodies of one tenant that may wait for their mapping, alerts and changes each'),
  mappingWaitingBytes: count(8 * mib, 'The same in bytes'),
  alerts: count(5000, 'Most alerts of one body in the form of Alertmanager or Grafana'),
  maxAgeMs: count(60 * day, 'Oldest usable time of a telemetry item, before now'),
  maxAheadMs: count(day, 'Latest usable time of any item, after now'),
});
export type IngestLimits = z.infer<typeof limitsConfig>;

const declared = (kind: string) =>
  z.record(z.string(), z.string().min(1)).default({}).describe(`The environment of each ${kind}`);

const expiry = (value: number | null) =>
  z
    .int()
    .positive()
    .nullable()
    .default(value)
    .describe('How long after its last receipt an alert counts as over; null: until the source says so');

const sourceName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'lower-case letters, digits and hyphens');

const mappingConfig = z
  .strictObject({
    name: sourceName.describe('Name of the source. It receives at `/ingest/NAME`'),
    expression: z
      .string()
      .min(1)
      .max(50_000)
      .describe('JSONata that returns `{alerts, changes, acknowledged, ignored}`. See docs/sources/README.md'),
  })
  .superRefine(({ name, expression }, context) => {
    // A mapping that cannot be compiled would refuse every alert of its source, and nobody would be paged.
    const flaw = expressionFlaw(expression);
    if (flaw === null) return;
    context.addIssue({ code: 'custom', path: ['expression'], message: `JSONata for the source ${name} (${flaw})` });
  });
export type MappingConfig = z.infer<typeof mappingConfig>;

const signingSecretConfig = z.strictObject({
  source: sourceName.describe('Name of the source'),
  tenant: z.string().min(1).default('default').describe('Tenant of what is signed with the secret'),
  secret: secret().describe('The secret as set at the sender'),
});

/** The `ingest` section of the configuration. Every key has a default. */
export const ingestConfig = z.strictObject({
  otlpGrpc: z.strictObject(address(4317)).prefault({}).describe('OTLP over gRPC'),
  otlpHttp: z
    .strictObject({ ...address(4318), cors: corsConfig.prefault({}).describe('For exporters that run in browsers') })
    .prefault({})
    .describe('OTLP over HTTP'),
  limits: limitsConfig.prefault({}).describe('What a sender may send'),
  blockBytes: count(512 * 1024, 'Size at which a telemetry block is split'),
  defaultTenant: z.string().min(1).default('default').describe('Tenant of a sender that names none'),
  defaultEnvironment: z.string().min(1).default('default').describe('Environment of an item that names none'),
  entityAliases: z
    .partialRecord(z.enum(entityKinds), names)
    .default({})
    .describe('Label names of your own for each kind of entity, looked at before the built-in ones'),
  exporters: names
    .default([])
    .describe(
      'Exporters of your own: a text in `job`, `service` or `container`. What they export is about others, never about them',
    ),
  removedEntityRules: z
    .array(z.enum(entityRuleIds()))
    .default([])
    .describe(
      'Built-in rules that do not hold here, such as `service:app`, `exporter:jmx`, `placeholder:default`. `npm run config -- rules` lists all',
    ),
  sharedServiceNames: names
    .default([])
    .describe(
      'Names of services that several namespaces use: shown as `namespace/name` from the start. Others are learned',
    ),
  environmentAliases: names.default([]).describe('Label names of your own that mean the environment'),
  environmentNames: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Names of your own for environments, such as `{blue: production}`. Case does not matter'),
  removedEnvironmentNames: names
    .default([])
    .describe('Built-in names of environments that do not hold here, such as `live`, which means production'),
  environments: z
    .strictObject({ cluster: declared('cluster'), namespace: declared('namespace'), service: declared('service') })
    .prefault({})
    .describe('Environments of what names none: a label comes first, then the cluster, the namespace, the service'),
  replicaLabels: names
    .default(['prometheus_replica', '__replica__', 'replica'])
    .describe('Labels that tell replicas of one sender apart. They are no part of an alert'),
  alertExpiryMs: z
    .strictObject({ alertmanager: expiry(day), pagerduty: expiry(day) })
    .prefault({})
    .describe('Per source'),
  mappedAlertExpiryMs: expiry(day).describe(
    'The same for all other sources; null: until the source says that the alert is over',
  ),
  mappings: z
    .array(mappingConfig)
    .default([])
    .describe(
      'Sources of your own, each with a JSONata expression. A mapping with the name of a built-in source replaces its expression',
    ),
  kafka: z.array(kafkaTopicConfig).default([]).describe('Topics of Kafka that are read: see docs/sources/kafka.md'),
  signingSecrets: z
    .array(signingSecretConfig)
    .default([])
    .describe(
      'Secrets of senders that sign. A source with a secret here refuses bodies with neither signature nor token',
    ),
  retryAfterMs: count(5000, 'How long a sender is asked to wait when the log cannot take records'),
  publishBytes: count(16 * mib, 'Most bytes put into one write to the log'),
  deadLetterBytes: count(64 * 1024, 'Most bytes kept of one refused body'),
  keptPayloadBytes: z
    .int()
    .min(0)
    .max(64 * mib)
    .default(0)
    .describe(
      'Most bytes of bodies kept in memory for a day, for each source with a mapping, so that a mapping can be tried on them. Credentials are replaced. 0: none are kept',
    ),
  deadLetterBytesPerHour: count(8 * mib, 'Most bytes of refused bodies kept in an hour, for each source'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
