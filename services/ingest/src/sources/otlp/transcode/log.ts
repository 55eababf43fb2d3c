/**
 * Log records from protobuf to Avro without an object between, as spans are (see span.ts): first the fields are found, then they are written in
 * the order of protos/log-block.avsc. Unusual records go the way of `readLog`.
 */
import type { Log } from '@faultline/model';
import type { AvroWriter } from '../../../encode/avro-writer.ts';
import { readLog, severityNames } from '../logs.ts';
import type { Place, ProtoItems } from '../proto-envelope.ts';
import type { ItemRules } from '../validity.ts';
import type { WireReader } from '../wire.ts';
import { AttributeRanges, writeText, writeValue } from './attribute-ranges.ts';
import { findId, spanIdBytes, traceIdBytes } from './ids.ts';
import { isTimeIn } from './time-window.ts';

/** Where the fields of a log record are. A place is -1, or a range empty, where a field is missing or unusable. */
class LogFields {
  timeAt = -1;
  observedAt = -1;
  severityNumber = 0;
  severityStart = 0;
  severityEnd = 0;
  bodyStart = 0;
  bodyEnd = 0;
  hasEventName = false;
  traceAt = -1;
  spanAt = -1;
  readonly attributes = new AttributeRanges();

  clear(): void {
    this.timeAt = -1;
    this.observedAt = -1;
    this.severityNumber = 0;
    this.severityStart = 0;
    this.severityEnd = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    this.hasEventName = false;
    this.traceAt = -1;
    this.spanAt = -1;
    this.attributes.clear();
  }
}

/** One for all records: a record is written before the next is read. */
const fields = new LogFields();

/** Reads one `opentelemetry.proto.logs.v1.LogRecord` that ends at `end`, and adds or refuses it. */
export function transcodeLog(items: ProtoItems<Log>, place: Place, end: number): void {
  const { reader, rules, batch } = items;
  const start = reader.pos;
  findFields(reader, end);
  if (place.problem !== null || !isOrdinary(fields, rules)) {
    reader.pos = start;
    reader.beginItem();
    readLog(items, place, end);
    return;
  }
  writeLog(batch.items.begin(), fields, reader, rules);
  reader.pos = end;
  batch.countItem();
  batch.items.commit(place.resource, false);
}

function findFields(reader: WireReader, end: number): void {
  fields.clear();
  while (reader.next(end)) findField(reader);
  reader.leave(end);
}

function findField(reader: WireReader): void {
  switch (reader.field) {
    case 1:
      fields.timeAt = reader.fixed64At();
      break;
    case 2:
      fields.severityNumber = reader.number();
      break;
    case 3:
      fields.severityEnd = reader.enter();
      fields.severityStart = reader.pos;
      reader.pos = fields.severityEnd;
      break;
    case 5:
      fields.bodyEnd = reader.enter();
      fields.bodyStart = reader.pos;
      reader.pos = fields.bodyEnd;
      break;
    case 6:
      fields.attributes.find(reader);
      break;
    case 9:
      fields.traceAt = findId(reader, traceIdBytes);
      break;
    case 10:
      fields.spanAt = findId(reader, spanIdBytes);
      break;
    case 11:
      fields.observedAt = reader.fixed64At();
      break;
    case 12: {
      const start = reader.enter();
      fields.hasEventName = start > reader.pos;
      reader.pos = start;
      break;
    }
    default:
      reader.skip();
  }
}

/** The name of an event becomes an attribute, which needs a look at the others. */
function isOrdinary({ attributes, hasEventName }: LogFields, { limits }: ItemRules): boolean {
  return !hasEventName && attributes.isComplete && attributes.count <= limits.attributes;
}

/** The fields of a log block's item after its resource, in their order. */
function writeLog(writer: AvroWriter, log: LogFields, reader: WireReader, rules: ItemRules): void {
  const { buffer } = reader;
  writeTime(writer, log, buffer, rules);
  writer.bytes(buffer, log.traceAt, log.traceAt < 0 ? 0 : traceIdBytes);
  writer.bytes(buffer, log.spanAt, log.traceAt < 0 || log.spanAt < 0 ? 0 : spanIdBytes);
  writeText(writer, buffer, log.severityStart, log.severityEnd, rules.limits.labelValueBytes);
  writer.int(log.severityNumber < severityNames.length ? log.severityNumber : 0);
  writeValue(writer, reader, log.bodyStart, log.bodyEnd, rules);
  log.attributes.write(writer, reader, rules);
}

/** The time and whether it is known: the rule of `logTime`. */
function writeTime(writer: AvroWriter, { timeAt, observedAt }: LogFields, buffer: Buffer, rules: ItemRules): void {
  const at = [timeAt, observedAt].find((place) => place >= 0 && isTimeIn(buffer, place, rules.window));
  if (at !== undefined) writer.long(buffer.readUInt32LE(at + 4), buffer.readUInt32LE(at));
  else writer.long(Number(rules.receivedNs >> 32n), Number(rules.receivedNs & 0xffff_ffffn));
  writer.byte(at === undefined ? 0 : 1);
}
