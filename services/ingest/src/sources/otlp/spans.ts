/** Reads spans from protobuf and from JSON into objects. */
import { attributeOf, type Span, type SpanKind, type SpanStatus, spanKinds } from '@faultline/model';
import { readAttribute, readJsonKeyValue } from './any-value.ts';
import { attributesAt, bigintAt, enumAt, hexAt, type JsonObject, listAt, objectAt, textAt } from './json-value.ts';
import type { Place, ProtoItems } from './proto-envelope.ts';
import { boundedText, type ItemRules, isSpanId, type SpanFacts, spanProblem } from './validity.ts';
import type { WireReader } from './wire.ts';

export const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];

/** A span as read, before it is checked. */
interface SpanParts extends SpanFacts {
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly statusMessage: string;
  readonly traceState: string;
  readonly attributes: Record<string, string>;
  readonly events: string;
  readonly links: string;
}

/** Reads one `opentelemetry.proto.trace.v1.Span` of any form. Ordinary spans are transcoded instead: see transcode/span.ts. */
export function readSpan(items: ProtoItems<Span>, place: Place, end: number): void {
  const { reader, rules, batch } = items;
  const start = reader.pos;
  const parts = readSpanParts(reader, rules, end);
  const problem = place.problem ?? spanProblem(parts, rules);
  if (problem !== null) batch.refuse(problem, () => place.raw(reader.buffer.subarray(start, end)));
  else batch.add(toSpan(parts, place.resource, rules));
}

function readSpanParts(reader: WireReader, rules: ItemRules, end: number): SpanParts {
  const sink = { attributes: {} as Record<string, string>, count: 0 };
  const parts = emptySpan(sink.attributes);
  let events: JsonObject[] | null = null;
  let links: JsonObject[] | null = null;
  while (reader.next(end)) {
    switch (reader.field) {
      case 1:
        parts.traceId = reader.hex();
        break;
      case 2:
        parts.spanId = reader.hex();
        break;
      case 3:
        parts.traceState = reader.text();
        break;
      case 4:
        parts.parentSpanId = reader.hex();
        break;
      case 5:
        parts.name = reader.text();
        break;
      case 6:
        parts.kind = reader.number();
        break;
      case 7:
        parts.startNs = reader.fixed64();
        break;
      case 8:
        parts.endNs = reader.fixed64();
        break;
      case 9:
        readAttribute(reader, sink, rules);
        break;
      case 11:
        events ??= [];
        events.push(readEvent(reader, rules));
        break;
      case 13:
        links ??= [];
        links.push(readLink(reader, rules));
        break;
      case 15:
        readStatus(reader, parts);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(end);
  parts.attributeCount = sink.count;
  if (events !== null) parts.events = JSON.stringify(events);
  if (links !== null) parts.links = JSON.stringify(links);
  return parts;
}

type Mutable<Value> = { -readonly [key in keyof Value]: Value[key] };

function emptySpan(attributes: Record<string, string>): Mutable<SpanParts> {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    status: 0,
    statusMessage: '',
    startNs: 0n,
    endNs: 0n,
    traceState: '',
    attributes,
    attributeCount: 0,
    events: '',
    links: '',
  };
}

function readStatus(reader: WireReader, parts: Mutable<SpanParts>): void {
  const end = reader.enter();
  while (reader.next(end)) {
    if (reader.field === 2) parts.statusMessage = reader.text();
    else if (reader.field === 3) parts.status = reader.number();
    else reader.skip();
  }
  reader.leave(end);
}

export function readEvent(reader: WireReader, rules: ItemRules): JsonObject {
  reader.countPart(rules.limits.itemParts);
  const end = reader.enter();
  const event = { timeUnixNano: '0', name: '', attributes: [] as JsonObject[] };
  while (reader.next(end)) {
    if (reader.field === 1) event.timeUnixNano = reader.fixed64().toString();
    else if (reader.field === 2) event.name = reader.text();
    else if (reader.field === 3) event.attributes.push(readJsonKeyValue(reader, rules, 0));
    else reader.skip();
  }
  reader.leave(end);
  return event;
}

export function readLink(reader: WireReader, rules: ItemRules): JsonObject {
  reader.countPart(rules.limits.itemParts);
  const end = reader.enter();
  const link = { traceId: '', spanId: '', traceState: '', attributes: [] as JsonObject[] };
  while (reader.next(end)) {
    if (reader.field === 1) link.traceId = reader.hex();
    else if (reader.field === 2) link.spanId = reader.hex();
    else if (reader.field === 3) link.traceState = reader.text();
    else if (reader.field === 4) link.attributes.push(readJsonKeyValue(reader, rules, 0));
    else reader.skip();
  }
  reader.leave(end);
  return link;
}

const kindNames = spanKinds.map((kind) => kind.toUpperCase());
const statusNames = statuses.map((status) => status.toUpperCase());

/** Reads one span of OTLP/JSON. Throws ShapeError and RefusedItem. */
export function spanPartsOfJson(span: JsonObject, rules: ItemRules): SpanParts {
  const status = objectAt(span, 'status');
  const { attributes, count } = attributesAt(span, rules.limits);
  return {
    traceId: hexAt(span, 'traceId'),
    spanId: hexAt(span, 'spanId'),
    parentSpanId: hexAt(span, 'parentSpanId'),
    name: textAt(span, 'name'),
    kind: enumAt(span, 'kind', 'SPAN_KIND_', kindNames),
    status: enumAt(status, 'code', 'STATUS_CODE_', statusNames),
    statusMessage: textAt(status, 'message'),
    startNs: bigintAt(span, 'startTimeUnixNano'),
    endNs: bigintAt(span, 'endTimeUnixNano'),
    traceState: textAt(span, 'traceState'),
    attributes,
    attributeCount: count,
    events: jsonOrEmpty(listAt(span, 'events')),
    links: jsonOrEmpty(listAt(span, 'links')),
  };
}

function jsonOrEmpty(list: readonly JsonObject[]): string {
  return list.length === 0 ? '' : JSON.stringify(list);
}

/** OpenTracing wrote the kind as a tag. */
function kindOf({ kind, attributes }: Pick<SpanParts, 'kind' | 'attributes'>): SpanKind {
  if (kind !== 0) return spanKinds[kind] ?? 'unspecified';
  const tag = attributeOf(attributes, 'span-kind').toLowerCase();
  return spanKinds.find((known) => known === tag) ?? 'unspecified';
}

/** Converts a span that passed `spanProblem`. An end before the start means that a clock was set back: the duration is 0, and an attribute keeps the difference. */
export function toSpan(parts: SpanParts, resource: number, rules: ItemRules): Span {
  const durationNs = parts.endNs - parts.startNs;
  if (durationNs < 0n) parts.attributes['faultline.negative_duration_ns'] = durationNs.toString();
  return {
    resource,
    traceId: parts.traceId,
    spanId: parts.spanId,
    parentSpanId: isSpanId(parts.parentSpanId) ? parts.parentSpanId : '',
    name: boundedText(parts.name, rules.limits.textBytes),
    kind: kindOf(parts),
    status: statuses[parts.status] ?? 'unset',
    statusMessage: boundedText(parts.statusMessage, rules.limits.textBytes),
    startNs: parts.startNs,
    durationNs: durationNs < 0n ? 0n : durationNs,
    traceState: boundedText(parts.traceState, rules.limits.textBytes),
    attributes: parts.attributes,
    events: parts.events,
    links: parts.links,
  };
}
