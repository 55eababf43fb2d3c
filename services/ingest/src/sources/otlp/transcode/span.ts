/**
 * Spans from protobuf to Avro without an object between. First the fields are found, as places in the request; then they are written in the
 * order of protos/span-block.avsc. Whatever is unusual or wrong goes the way of `readSpan`, which makes an object and words the problem.
 */
import { type Span, spanKinds } from '@faultline/model';
import type { AvroWriter } from '../../../encode/avro-writer.ts';
import type { JsonObject } from '../json-value.ts';
import type { Place, ProtoItems } from '../proto-envelope.ts';
import { readEvent, readLink, readSpan, statuses } from '../spans.ts';
import type { ItemRules } from '../validity.ts';
import type { WireReader } from '../wire.ts';
import { AttributeRanges, writeText } from './attribute-ranges.ts';
import { findId, spanIdBytes, traceIdBytes } from './ids.ts';
import { isTimeIn } from './time-window.ts';

/** Where the fields of a span are. A place is -1, or a range empty, where a field is missing. */
class SpanFields {
  traceAt = -1;
  spanAt = -1;
  parentAt = -1;
  startAt = -1;
  endAt = -1;
  kind = 0;
  status = 0;
  nameStart = 0;
  nameEnd = 0;
  stateStart = 0;
  stateEnd = 0;
  messageStart = 0;
  messageEnd = 0;
  events: JsonObject[] | null = null;
  links: JsonObject[] | null = null;
  readonly attributes = new AttributeRanges();

  clear(): void {
    this.traceAt = -1;
    this.spanAt = -1;
    this.parentAt = -1;
    this.startAt = -1;
    this.endAt = -1;
    this.kind = 0;
    this.status = 0;
    this.nameStart = 0;
    this.nameEnd = 0;
    this.stateStart = 0;
    this.stateEnd = 0;
    this.messageStart = 0;
    this.messageEnd = 0;
    this.events = null;
    this.links = null;
    this.attributes.clear();
  }
}

/** One for all spans: a span is written before the next is read. */
const fields = new SpanFields();

/** Reads one `opentelemetry.proto.trace.v1.Span` that ends at `end`, and adds or refuses it. */
export function transcodeSpan(items: ProtoItems<Span>, place: Place, end: number): void {
  const { reader, rules, batch } = items;
  const start = reader.pos;
  findFields(reader, rules, end);
  if (place.problem !== null || !isOrdinary(fields, reader.buffer, rules)) {
    reader.pos = start;
    reader.beginItem();
    readSpan(items, place, end);
    return;
  }
  writeSpan(batch.items.begin(), fields, reader, rules);
  reader.pos = end;
  batch.countItem();
  batch.items.commit(place.resource, mayNameOther(fields.attributes, reader.buffer));
}

function findFields(reader: WireReader, rules: ItemRules, end: number): void {
  fields.clear();
  while (reader.next(end)) findField(reader, rules);
  reader.leave(end);
}

function findField(reader: WireReader, rules: ItemRules): void {
  switch (reader.field) {
    case 1:
      fields.traceAt = findId(reader, traceIdBytes);
      break;
    case 2:
      fields.spanAt = findId(reader, spanIdBytes);
      break;
    case 3:
      fields.stateEnd = reader.enter();
      fields.stateStart = reader.pos;
      reader.pos = fields.stateEnd;
      break;
    case 4:
      fields.parentAt = findId(reader, spanIdBytes);
      break;
    case 5:
      fields.nameEnd = reader.enter();
      fields.nameStart = reader.pos;
      reader.pos = fields.nameEnd;
      break;
    case 6:
      fields.kind = reader.number();
      break;
    case 7:
      fields.startAt = reader.fixed64At();
      break;
    case 8:
      fields.endAt = reader.fixed64At();
      break;
    case 9:
      fields.attributes.find(reader);
      break;
    case 11:
      fields.events ??= [];
      fields.events.push(readEvent(reader, rules));
      break;
    case 13:
      fields.links ??= [];
      fields.links.push(readLink(reader, rules));
      break;
    case 15:
      findStatus(reader);
      break;
    default:
      reader.skip();
  }
}

function findStatus(reader: WireReader): void {
  const end = reader.enter();
  while (reader.next(end)) {
    if (reader.field === 2) {
      fields.messageEnd = reader.enter();
      fields.messageStart = reader.pos;
      reader.pos = fields.messageEnd;
    } else if (reader.field === 3) fields.status = reader.number();
    else reader.skip();
  }
  reader.leave(end);
}

/** Whether a span can be written as it is: its ids and times are usable, its kind is known, and it does not end before it begins. */
function isOrdinary(span: SpanFields, buffer: Buffer, { limits, window }: ItemRules): boolean {
  const { traceAt, spanAt, startAt, endAt, kind, attributes } = span;
  if (traceAt < 0 || spanAt < 0 || startAt < 0 || endAt < 0) return false;
  if (kind === 0 || kind >= spanKinds.length) return false;
  if (!attributes.isComplete || attributes.count > limits.attributes) return false;
  return isTimeIn(buffer, startAt, window) && isTimeIn(buffer, endAt, window) && !isNegative(buffer, startAt, endAt);
}

function isNegative(buffer: Buffer, startAt: number, endAt: number): boolean {
  const startHigh = buffer.readUInt32LE(startAt + 4);
  const endHigh = buffer.readUInt32LE(endAt + 4);
  return endHigh < startHigh || (endHigh === startHigh && buffer.readUInt32LE(endAt) < buffer.readUInt32LE(startAt));
}

/** The fields of a span block's item after its resource, in their order. */
function writeSpan(writer: AvroWriter, span: SpanFields, reader: WireReader, rules: ItemRules): void {
  const { buffer } = reader;
  const { textBytes } = rules.limits;
  writer.bytes(buffer, span.traceAt, traceIdBytes);
  writer.bytes(buffer, span.spanAt, spanIdBytes);
  writer.bytes(buffer, span.parentAt, span.parentAt < 0 ? 0 : spanIdBytes);
  writeText(writer, buffer, span.nameStart, span.nameEnd, textBytes);
  writer.int(span.kind);
  writer.int(span.status < statuses.length ? span.status : 0);
  writeText(writer, buffer, span.messageStart, span.messageEnd, textBytes);
  writeTimes(writer, buffer, span.startAt, span.endAt);
  writeText(writer, buffer, span.stateStart, span.stateEnd, textBytes);
  span.attributes.write(writer, reader, rules);
  writer.text(span.events === null ? '' : JSON.stringify(span.events));
  writer.text(span.links === null ? '' : JSON.stringify(span.links));
}

/** Start and duration in nanoseconds. */
function writeTimes(writer: AvroWriter, buffer: Buffer, startAt: number, endAt: number): void {
  const startLow = buffer.readUInt32LE(startAt);
  const startHigh = buffer.readUInt32LE(startAt + 4);
  const low = buffer.readUInt32LE(endAt) - startLow;
  const high = buffer.readUInt32LE(endAt + 4) - startHigh;
  writer.long(startHigh, startLow);
  writer.long(low < 0 ? high - 1 : high, low >>> 0);
}

/** The attributes that `proxiedServiceOf` reads. */
const proxyKeys = ['istio.canonical_service', 'node_id'].map((key) => Buffer.from(key));

function mayNameOther(attributes: AttributeRanges, buffer: Buffer): boolean {
  return proxyKeys.some((key) => attributes.has(buffer, key));
}
