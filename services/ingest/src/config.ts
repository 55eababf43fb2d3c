import { entityKinds, entityRuleIds } from '@faultline/model';
import { z } from 'zod';

const mib = 1024 * 1024;
const day = 86_400_000;
const count = (value: number, text: string) => z.int().positive().default(value).describe(text);
const names = z.array(z.string().min(1));

const address = (port: number, what: string) =>
  z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
      port: z.int().min(0).max(65_535).default(port).describe('Port; 0 takes any free one'),
    })
    .prefault({})
    .describe(what);

const limitsConfig = z.strictObject({
  telemetryBodyBytes: count(16 * mib, 'Largest OTLP body as sent'),
  telemetryDecompressedBytes: count(64 * mib, 'Largest OTLP body once decompressed'),
  alertBodyBytes: count(2 * mib, 'Largest body of any other source, as sent and once decompressed'),
  inFlightBytes: count(
    256 * mib,
    'Bodies being handled at once, all together; above it senders are asked to come again',
  ),
  jsonDepth: count(64, 'Deepest nesting of a JSON body'),
  valueDepth: count(16, 'Deepest nesting of one OTLP attribute value'),
  labels: count(256, 'Most labels, and most annotations, of one alert'),
  attributes: count(1024, 'Most attributes of one span, log record, data point or resource'),
  labelValueBytes: count(4096, 'Longest label value; the rest is cut'),
  textBytes: count(64 * 1024, 'Longest attribute value, annotation or log body; the rest is cut'),
  maxAgeMs: count(60 * day, 'Oldest usable time of a telemetry item, before now'),
  maxAheadMs: count(day, 'Latest usable time of any item, after now'),
});
export type IngestLimits = z.infer<typeof limitsConfig>;

const expiry = (value: number | null) =>
  z
    .int()
    .positive()
    .nullable()
    .default(value)
    .describe('How long after its last receipt an alert counts as over; null: until the source says so');

/** The `ingest` section of the configuration. Every key has a default. */
export const ingestConfig = z.strictObject({
  otlpGrpc: address(4317, 'OTLP over gRPC'),
  otlpHttp: address(4318, 'OTLP over HTTP'),
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
    .describe('Built-in rules that do not hold here, such as `service:app`, `exporter:jmx`, `placeholder:default`'),
  sharedServiceNames: names
    .default([])
    .describe(
      'Names of services that several namespaces use: shown as `namespace/name` from the start. Others are learned',
    ),
  environmentAliases: names.default([]).describe('Label names of your own that mean the environment'),
  alertExpiryMs: z
    .strictObject({ alertmanager: expiry(day), pagerduty: expiry(day) })
    .prefault({})
    .describe('Per source'),
  retryAfterMs: count(5000, 'How long a sender is asked to wait when the log cannot take records'),
  publishBytes: count(16 * mib, 'Most bytes put into one write to the log'),
  deadLetterBytes: count(64 * 1024, 'Most bytes kept of one refused body'),
  deadLetterBytesPerHour: count(8 * mib, 'Most bytes of refused bodies kept in an hour, for each source'),
});
export type IngestConfig = z.infer<typeof ingestConfig>;
