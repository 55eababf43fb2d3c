/** Decodes Kafka's record batches (message format 2). */

import { busError } from '../bus-error.ts';
import { unpack } from './unpack.ts';

/** One record of a batch. Its offset is a plain number, which is exact up to 2^53. */
export interface BatchRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordBatch {
  readonly baseOffset: number;
  /** The batch covers offsets up to here, even where compaction removed records. */
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** The type of a control batch; undefined for data. Control batches hold no records for readers. */
  readonly control: 'commit' | 'abort' | 'other' | undefined;
  /** Decodes the records when called. */
  records(): BatchRecord[];
}

const headerBytes = 61;
const lengthEnd = 12;
const flags = { codec: 0x07, appendTime: 0x08, transactional: 0x10, control: 0x20 };
const largeBytes = 64 * 1024;
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** Decodes fetched batches. A truncated last batch is left out. */
export function parseBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const end = at + lengthEnd + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    batches.push(parseBatch(bytes.subarray(at, end)));
    at = end;
  }
  return batches;
}

function parseBatch(bytes: Buffer): RecordBatch {
  const magic = bytes.readInt8(16);
  if (magic !== 2)
    throw busError('BUS_CORRUPT', `a record batch has the message format ${magic}; format 2 is supported`);
  const baseOffset = Number(bytes.readBigInt64BE(0));
  const attributes = bytes.readInt16BE(21);
  const isControl = (attributes & flags.control) !== 0;
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(23),
    producerId: bytes.readBigInt64BE(43),
    isTransactional: (attributes & flags.transactional) !== 0,
    control: isControl ? controlOf(bytes) : undefined,
    records: () => (isControl ? [] : readRecords(bytes, baseOffset, attributes)),
  };
}

/** A control batch holds one record. Its key is a version and a type. */
function controlOf(bytes: Buffer): 'commit' | 'abort' | 'other' {
  if (bytes.readInt32BE(57) === 0) return 'other';
  const cursor = { bytes, at: headerBytes };
  skipToKey(cursor);
  const type = bytes.readInt16BE(cursor.at + 2);
  if (type === 0) return 'abort';
  return type === 1 ? 'commit' : 'other';
}

function skipToKey(cursor: Cursor): void {
  readVarint(cursor);
  cursor.at += 1;
  skipVarint(cursor);
  readVarint(cursor);
  readVarint(cursor);
}

function readRecords(bytes: Buffer, baseOffset: number, attributes: number): BatchRecord[] {
  const count = bytes.readInt32BE(57);
  const firstMs = Number(bytes.readBigInt64BE(27));
  const appendMs = (attributes & flags.appendTime) === 0 ? undefined : Number(bytes.readBigInt64BE(35));
  const cursor = { bytes: unpack(bytes.subarray(headerBytes), attributes & flags.codec), at: 0 };
  const records = new Array<BatchRecord>(count);
  for (let index = 0; index < count; index += 1) records[index] = readRecord(cursor, { baseOffset, firstMs, appendMs });
  return records;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function readRecord(
  cursor: Cursor,
  batch: { readonly baseOffset: number; readonly firstMs: number; readonly appendMs: number | undefined },
): BatchRecord {
  const length = readVarint(cursor);
  const end = cursor.at + length;
  cursor.at += 1;
  const deltaMs = readVarlong(cursor);
  const offset = batch.baseOffset + readVarint(cursor);
  const key = readBytes(cursor);
  const value = readValue(cursor);
  const headers = readHeaders(cursor);
  cursor.at = end;
  return { offset, timestampMs: batch.appendMs ?? batch.firstMs + deltaMs, key: key?.toString() ?? '', value, headers };
}

function readHeaders(cursor: Cursor): Readonly<Record<string, string>> {
  const count = readVarint(cursor);
  if (count === 0) return noHeaders;
  const headers: Record<string, string> = {};
  for (let index = 0; index < count; index += 1) {
    const name = readBytes(cursor)?.toString() ?? '';
    headers[name] = readBytes(cursor)?.toString() ?? '';
  }
  return headers;
}

function readBytes(cursor: Cursor): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(start, cursor.at);
}

/** Small values are copied. A view would keep the whole response in memory. */
function readValue(cursor: Cursor): Buffer | null {
  const value = readBytes(cursor);
  return value === null || value.length > largeBytes ? value : Buffer.from(value);
}

/** A zigzag varint of at most 32 bits. */
function readVarint(cursor: Cursor): number {
  let raw = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    raw |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
  }
}

/** A zigzag varint of up to 64 bits, as a number. */
function readVarlong(cursor: Cursor): number {
  let raw = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at] ?? 0;
    cursor.at += 1;
    raw += (byte & 0x7f) * scale;
    if (byte < 0x80) return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }
}

function skipVarint(cursor: Cursor): void {
  while ((cursor.bytes[cursor.at] ?? 0) >= 0x80) cursor.at += 1;
  cursor.at += 1;
}
