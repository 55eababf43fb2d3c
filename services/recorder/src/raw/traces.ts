import { isFailed, type Span, type SpanBlock, type SpanKind } from '@faultline/model';
import type { TraceRow } from '@faultline/store';
import { operationName } from '../join/operation-name.ts';
import { attributesField, bigintField, parseObjects, textField } from './otlp-json.ts';
import { mapItems } from './sender.ts';

const kinds: Readonly<Record<SpanKind, TraceRow['SpanKind']>> = {
  unspecified: 'Unspecified',
  internal: 'Internal',
  server: 'Server',
  client: 'Client',
  producer: 'Producer',
  consumer: 'Consumer',
};

/**
 * One row per span. A span without a status whose HTTP or gRPC code means failure is stored as an error, so that
 * windows count it.
 */
export function traceRows(block: SpanBlock): TraceRow[] {
  return mapItems(block, (span, resource, { columns, version }) => ({
    ...columns,
    Timestamp: span.startNs,
    TraceId: span.traceId,
    SpanId: span.spanId,
    ParentSpanId: span.parentSpanId,
    TraceState: span.traceState,
    SpanName: span.name,
    SpanKind: kinds[span.kind],
    ResourceAttributes: resource.attributes,
    ScopeName: resource.scopeName,
    ScopeVersion: resource.scopeVersion,
    SpanAttributes: span.attributes,
    Duration: span.durationNs < 0n ? 0n : span.durationNs,
    StatusCode: statusCode(span),
    StatusMessage: span.statusMessage,
    ...eventColumns(span.events),
    ...linkColumns(span.links),
    Operation: operationName(span.name),
    Version: version,
  }));
}

function statusCode(span: Span): TraceRow['StatusCode'] {
  if (isFailed(span)) return 'Error';
  return span.status === 'ok' ? 'Ok' : 'Unset';
}

const noEvents = { 'Events.Timestamp': [], 'Events.Name': [], 'Events.Attributes': [] };
const noLinks = { 'Links.TraceId': [], 'Links.SpanId': [], 'Links.TraceState': [], 'Links.Attributes': [] };

function eventColumns(text: string) {
  const events = parseObjects(text);
  if (events.length === 0) return noEvents;
  return {
    'Events.Timestamp': events.map((event) => bigintField(event, 'timeUnixNano')),
    'Events.Name': events.map((event) => textField(event, 'name')),
    'Events.Attributes': events.map((event) => attributesField(event, 'attributes')),
  };
}

function linkColumns(text: string) {
  const links = parseObjects(text);
  if (links.length === 0) return noLinks;
  return {
    'Links.TraceId': links.map((link) => textField(link, 'traceId')),
    'Links.SpanId': links.map((link) => textField(link, 'spanId')),
    'Links.TraceState': links.map((link) => textField(link, 'traceState')),
    'Links.Attributes': links.map((link) => attributesField(link, 'attributes')),
  };
}
