/** OTLP: traces, metrics and logs. The same routes serve HTTP and gRPC. */
import type { AnyItem } from '../../encode/encoded-items.ts';
import { logItems, pointItems, spanItems } from '../../encode/kinds.ts';
import { parseJson } from '../../json.ts';
import {
  type BareResource,
  type Decoded,
  defineRoute,
  type Normalised,
  type Route,
  refuse,
  type Source,
  type SourceContext,
  type SourceRequest,
  type Telemetry,
} from '../../source.ts';
import type { Steps } from '../../steps.ts';
import type { Batch } from './batch.ts';
import { badItems, createItemSpend, refusalOf } from './decoding.ts';
import { decodeJson, encodeRawJsonItems, jsonShapes, type Shape } from './json-envelope.ts';
import { metricReader } from './metrics.ts';
import { decodeProto, encodeRawItems, type ProtoSignal } from './proto-envelope.ts';
import { exportReply, jsonType, protobufType, statusReply } from './status.ts';
import { type TelemetrySignal, withPeers, withResources } from './subjects.ts';
import { transcodeLog } from './transcode/log.ts';
import { transcodePoint } from './transcode/point.ts';
import { transcodeSpan } from './transcode/span.ts';
import { itemRules } from './validity.ts';

interface SignalOptions<Item extends AnyItem> extends ProtoSignal<Item> {
  readonly signal: TelemetrySignal;
  readonly path: string;
  readonly rejectedField: string;
  readonly shape: Shape<Item>;
  readonly records: (telemetry: Telemetry<Item>, context: SourceContext) => Normalised;
}

function otlpRoute<Item extends AnyItem>(options: SignalOptions<Item>): Route {
  return defineRoute<Telemetry<Item, BareResource>>({
    path: options.path,
    signal: options.signal,
    limit: 'telemetry',
    decode: (request, context) => decode(request, context, options),
    normalise: (telemetry, request, context) =>
      options.records(withResources(telemetry, { signal: options.signal, request, context }), context),
    replyAccepted: (outcome, request) => exportReply(outcome.bad, options.rejectedField, request.contentType),
    replyRefused: (status, problem, request) => statusReply(status, problem, request.contentType),
  });
}

function* decode<Item extends AnyItem>(
  request: SourceRequest,
  context: SourceContext,
  options: SignalOptions<Item>,
): Steps<Decoded<Telemetry<Item, BareResource>>> {
  const { limits } = context.config;
  const { senders } = context;
  const rules = itemRules({ limits, senders, receivedAtMs: request.receivedAtMs, spendItem: createItemSpend(context) });
  if (request.contentType === protobufType)
    return yield* guarded(decodeProto(request.bytes, rules, options), encodeRawItems);
  if (request.contentType !== jsonType)
    return refuse(415, 'INGEST_CONTENT_TYPE', `Content-Type: expected ${protobufType} or ${jsonType}`);
  const json = parseJson(request.bytes, limits);
  if (!json.ok) return json;
  yield;
  return yield* guarded(
    decodeJson({ value: json.value, sentBytes: request.bytes.length }, rules, options.shape),
    (raw, maxBytes) => encodeRawJsonItems(raw, options.shape, maxBytes),
  );
}

/** Runs a decoder; what it throws for bad bytes becomes a refusal. */
function* guarded<Item extends AnyItem, Raw>(
  decoding: Steps<Batch<Item, Raw>>,
  encode: (raw: readonly Raw[], maxBytes: number) => Uint8Array,
): Steps<Decoded<Telemetry<Item, BareResource>>> {
  try {
    const { telemetry, bad, badCount } = yield* decoding;
    return { ok: true, items: telemetry, bad: badItems(bad, badCount, encode), notes: [] };
  } catch (error) {
    return refusalOf(error);
  }
}

export const otlpRoutes: Readonly<Record<TelemetrySignal, Route>> = {
  spans: otlpRoute({
    signal: 'spans',
    path: '/v1/traces',
    rejectedField: 'rejectedSpans',
    kind: spanItems,
    readItem: transcodeSpan,
    shape: jsonShapes.spans,
    records: (spans, context) => ({ spans: withPeers(spans, context) }),
  }),
  logs: otlpRoute({
    signal: 'logs',
    path: '/v1/logs',
    rejectedField: 'rejectedLogRecords',
    kind: logItems,
    readItem: transcodeLog,
    shape: jsonShapes.logs,
    records: (logs) => ({ logs }),
  }),
  metrics: otlpRoute({
    signal: 'metrics',
    path: '/v1/metrics',
    rejectedField: 'rejectedDataPoints',
    kind: pointItems,
    readItem: metricReader(transcodePoint),
    shape: jsonShapes.metrics,
    records: (metrics) => ({ metrics }),
  }),
};

export const otlp: Source = { name: 'otlp', routes: Object.values(otlpRoutes) };
