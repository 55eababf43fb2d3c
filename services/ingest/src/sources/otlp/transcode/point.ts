/**
 * Data points from protobuf to Avro without an object between, as spans are (see span.ts): first the fields are found, then they are written in
 * the order of protos/metric-block.avsc. Unusual points go the way of `readOnePoint`.
 */
import type { MetricPoint } from '@faultline/model';
import type { AvroWriter } from '../../../encode/avro-writer.ts';
import { jsonNumber } from '../any-value.ts';
import { maxBuckets, temporalities } from '../metric-point.ts';
import { kindNames, type OpenPoints, readOnePoint } from '../metrics.ts';
import type { ProtoItems } from '../proto-envelope.ts';
import { RefusedItem } from '../refused.ts';
import type { ItemRules } from '../validity.ts';
import type { WireReader } from '../wire.ts';
import { findHistogramField, findNumberField, PointFields } from './point-fields.ts';
import { isTimeIn } from './time-window.ts';

/** One for all points: a point is written before the next is read. */
const fields = new PointFields();

/** Reads one data point that ends at `end`, and adds or refuses it. */
export function transcodePoint(items: ProtoItems<MetricPoint>, metric: OpenPoints, end: number): void {
  const { reader, rules, batch } = items;
  const start = reader.pos;
  if (metric.place.problem !== null || !isTranscoded(metric, rules) || !tryPoint(items, metric, end)) {
    reader.pos = start;
    readOnePoint(items, metric, end);
    return;
  }
  rules.spendItem();
  reader.pos = end;
  batch.countItem();
  batch.items.commit(metric.place.resource, false);
}

/** Writes a point. False: it has to be decoded, which also words what is wrong with it. */
function tryPoint({ reader, rules, batch }: ProtoItems<MetricPoint>, metric: OpenPoints, end: number): boolean {
  reader.beginItem();
  if (!findFields(reader, metric, end, rules)) return false;
  const writer = batch.items.begin();
  writeHead(writer, metric, reader.buffer);
  try {
    writePoint(writer, fields, { reader, rules, metric });
    return true;
  } catch (error) {
    if (error instanceof RefusedItem) return false;
    throw error;
  }
}

/** Whether points of this metric can be written as they are: their name and unit are, and their kind is a common one. */
function isTranscoded({ head, nameEnd, nameStart, unitEnd, unitStart }: OpenPoints, { limits }: ItemRules): boolean {
  const isKind = head.kind === 'gauge' || head.kind === 'sum' || head.kind === 'histogram';
  const isShort = nameEnd - nameStart <= limits.labelValueBytes && unitEnd - unitStart <= limits.labelValueBytes;
  return (
    isKind &&
    isShort &&
    head.name !== '' &&
    nameEnd - nameStart === head.name.length &&
    unitEnd - unitStart === head.unit.length
  );
}

/** False: the point has to be decoded. */
function findFields(reader: WireReader, { head }: OpenPoints, end: number, rules: ItemRules): boolean {
  fields.clear();
  const find = head.kind === 'histogram' ? findHistogramField : findNumberField;
  while (reader.next(end)) find(reader, fields);
  reader.leave(end);
  return isOrdinary(fields, reader.buffer, rules) && hasGoodBuckets(fields, reader.buffer);
}

function isOrdinary(
  { attributes, timeAt, countAt, isUnusual }: PointFields,
  buffer: Buffer,
  rules: ItemRules,
): boolean {
  if (isUnusual || !attributes.isComplete || attributes.count > rules.limits.attributes) return false;
  // Avro's integers are signed.
  if (countAt >= 0 && (buffer[countAt + 7] ?? 0) > 127) return false;
  return timeAt >= 0 && isTimeIn(buffer, timeAt, rules.window);
}

const numberBytes = 8;

function hasGoodBuckets({ bucketsStart, bucketsEnd, boundsStart, boundsEnd }: PointFields, buffer: Buffer): boolean {
  const buckets = (bucketsEnd - bucketsStart) / numberBytes;
  const bounds = (boundsEnd - boundsStart) / numberBytes;
  if (!Number.isInteger(buckets) || !Number.isInteger(bounds) || buckets > maxBuckets) return false;
  // Avro's integers are signed.
  for (let at = bucketsStart; at < bucketsEnd; at += numberBytes) if ((buffer[at + 7] ?? 0) > 127) return false;
  return buckets === 0 || buckets === bounds + 1;
}

/** What the points of one metric share: name, unit, kind. */
function writeHead(
  writer: AvroWriter,
  { head, nameStart, nameEnd, unitStart, unitEnd }: OpenPoints,
  buffer: Buffer,
): void {
  writer.textOf(buffer, nameStart, nameEnd);
  writer.textOf(buffer, unitStart, unitEnd);
  writer.int(kindNames.indexOf(head.kind));
}

interface Source {
  readonly reader: WireReader;
  readonly rules: ItemRules;
  readonly metric: OpenPoints;
}

/** The fields of a metric block's item from its time on, in their order. */
function writePoint(writer: AvroWriter, point: PointFields, { reader, rules, metric: { head } }: Source): void {
  const { buffer } = reader;
  const isHistogram = head.kind === 'histogram';
  writeLong(writer, buffer, point.timeAt);
  writeLong(writer, buffer, point.startAt >= 0 && isTimeIn(buffer, point.startAt, rules.window) ? point.startAt : -1);
  point.attributes.write(writer, reader, rules);
  const count = point.countAt < 0 ? 0 : numberAt(buffer, point.countAt);
  const sum = isHistogram ? sumOf(point, buffer, count) : 0;
  if (isHistogram) writer.double(count === 0 ? 0 : sum / count);
  else writeValue(writer, buffer, point);
  writeLong(writer, buffer, point.countAt);
  writer.double(sum);
  writer.byte(head.monotonic ? 1 : 0);
  writer.int(temporalities.indexOf(head.temporality));
  writeBounds(writer, buffer, point);
  writeBuckets(writer, buffer, point);
  writer.text(detailOf(point, buffer));
}

/** An unsigned number of 64 bits, rounded to a double. */
function numberAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at + 4) * 2 ** 32 + buffer.readUInt32LE(at);
}

/** A number of 64 bits below 2^63; 0 where it is missing. */
function writeLong(writer: AvroWriter, buffer: Buffer, at: number): void {
  if (at < 0) writer.byte(0);
  else writer.long(buffer.readUInt32LE(at + 4), buffer.readUInt32LE(at));
}

/** NaN where a point has no value: a zero would be a wrong measurement. */
function writeValue(writer: AvroWriter, buffer: Buffer, { valueAt, isInteger }: PointFields): void {
  if (valueAt < 0) writer.double(Number.NaN);
  else if (isInteger) writer.double(buffer.readInt32LE(valueAt + 4) * 2 ** 32 + buffer.readUInt32LE(valueAt));
  else writer.raw(buffer, valueAt, valueAt + numberBytes);
}

function sumOf({ sumAt }: PointFields, buffer: Buffer, count: number): number {
  const sum = sumAt < 0 ? Number.NaN : buffer.readDoubleLE(sumAt);
  return count === 0 && Number.isNaN(sum) ? 0 : sum;
}

/** Doubles of protobuf and Avro look the same. */
function writeBounds(writer: AvroWriter, buffer: Buffer, { boundsStart, boundsEnd }: PointFields): void {
  if (boundsEnd > boundsStart) {
    writer.int((boundsEnd - boundsStart) / numberBytes);
    writer.raw(buffer, boundsStart, boundsEnd);
  }
  writer.byte(0);
}

function writeBuckets(writer: AvroWriter, buffer: Buffer, { bucketsStart, bucketsEnd }: PointFields): void {
  if (bucketsEnd > bucketsStart) writer.int((bucketsEnd - bucketsStart) / numberBytes);
  for (let at = bucketsStart; at < bucketsEnd; at += numberBytes) writeLong(writer, buffer, at);
  writer.byte(0);
}

/** Minimum and maximum of a histogram, in the shape of OTLP/JSON. */
function detailOf({ minAt, maxAt }: PointFields, buffer: Buffer): string {
  if (minAt < 0 && maxAt < 0) return '';
  return JSON.stringify({
    ...(minAt < 0 ? {} : { min: jsonNumber(buffer.readDoubleLE(minAt)) }),
    ...(maxAt < 0 ? {} : { max: jsonNumber(buffer.readDoubleLE(maxAt)) }),
  });
}
