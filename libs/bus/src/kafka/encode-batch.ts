/** Encodes Kafka's record batches (message format 2). kafkajs can do it too, but copies each byte many times. */

import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { RoutedRecord } from '../routing.ts';
import type { CompressionName } from './compression.ts';
import { crc32c } from './crc32c.ts';

export interface BatchIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly isTransactional: boolean;
  readonly codec: CompressionName;
}

const headerBytes = 61;
const crcEnd = 21;
const transactionalFlag = 0x10;
const magic = 2;
const codecs: Readonly<Record<CompressionName, number>> = { none: 0, gzip: 1, zstd: 4 };
/** Telemetry blocks are compressed already, so the fastest level is enough. */
const gzipLevel = 1;
/** A 32-bit varint takes at most five bytes. A record has six, and two for each header. */
const varintBytes = 5;

/** Encodes one batch. The broker sets the timestamps. */
export function encodeBatch(records: readonly RoutedRecord[], identity: BatchIdentity): Buffer {
  const plain = Buffer.allocUnsafe(headerBytes + largest(records));
  const writer = { bytes: plain, at: headerBytes };
  for (const [index, record] of records.entries()) writeRecord(writer, record, index);
  const written = plain.subarray(0, writer.at);
  const batch = identity.codec === 'none' ? written : packed(written, identity.codec);
  writeHeader(batch, records.length, identity);
  return batch;
}

function packed(plain: Buffer, codec: 'gzip' | 'zstd'): Buffer {
  const records = plain.subarray(headerBytes);
  const small = codec === 'gzip' ? gzipSync(records, { level: gzipLevel }) : zstdCompressSync(records);
  return Buffer.concat([Buffer.alloc(headerBytes), small]);
}

function writeHeader(batch: Buffer, count: number, identity: BatchIdentity): void {
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(magic, 16);
  batch.writeInt16BE(codecs[identity.codec] | (identity.isTransactional ? transactionalFlag : 0), crcEnd);
  batch.writeInt32BE(count - 1, 23);
  batch.writeBigInt64BE(0n, 27);
  batch.writeBigInt64BE(0n, 35);
  batch.writeBigInt64BE(BigInt(identity.producerId), 43);
  batch.writeInt16BE(identity.producerEpoch, 51);
  batch.writeInt32BE(identity.firstSequence, 53);
  batch.writeInt32BE(count, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(crcEnd)), 17);
}

/** An upper bound of the records' size. */
function largest(records: readonly RoutedRecord[]): number {
  let bytes = 0;
  for (const { key, value, headers } of records) {
    bytes += 1 + 6 * varintBytes + Buffer.byteLength(key) + (value?.length ?? 0);
    for (const name in headers)
      bytes += 2 * varintBytes + Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '');
  }
  return bytes;
}

interface Writer {
  readonly bytes: Buffer;
  at: number;
}

/** The length comes first but is known last, so it is computed before writing. */
function writeRecord(writer: Writer, { key, value, headers }: RoutedRecord, offsetDelta: number): void {
  const keyBytes = Buffer.byteLength(key);
  const valueBytes = value?.length ?? -1;
  const names = headers === undefined ? [] : Object.keys(headers);
  // The attributes and the timestamp delta take one byte each.
  let length = 2 + varintSize(offsetDelta) + varintSize(keyBytes) + keyBytes + varintSize(valueBytes);
  length += Math.max(0, valueBytes) + varintSize(names.length);
  for (const name of names) length += textSize(name) + textSize(headers?.[name] ?? '');
  writeVarint(writer, length);
  writer.bytes.writeInt16BE(0, writer.at);
  writer.at += 2;
  writeVarint(writer, offsetDelta);
  writeText(writer, key, keyBytes);
  writeVarint(writer, valueBytes);
  if (value !== null) {
    writer.bytes.set(value, writer.at);
    writer.at += value.length;
  }
  writeVarint(writer, names.length);
  for (const name of names) {
    writeText(writer, name, Buffer.byteLength(name));
    const text = headers?.[name] ?? '';
    writeText(writer, text, Buffer.byteLength(text));
  }
}

function textSize(text: string): number {
  const bytes = Buffer.byteLength(text);
  return varintSize(bytes) + bytes;
}

function writeText(writer: Writer, text: string, bytes: number): void {
  writeVarint(writer, bytes);
  writer.bytes.write(text, writer.at);
  writer.at += bytes;
}

/** Size of a 32-bit zigzag varint, in bytes. */
function varintSize(value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let size = 1;
  for (; rest >= 0x80; rest >>>= 7) size += 1;
  return size;
}

function writeVarint(writer: Writer, value: number): void {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest >= 0x80; rest >>>= 7) {
    writer.bytes[writer.at] = (rest & 0x7f) | 0x80;
    writer.at += 1;
  }
  writer.bytes[writer.at] = rest;
  writer.at += 1;
}
