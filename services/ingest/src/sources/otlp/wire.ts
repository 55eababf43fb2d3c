/**
 * A reader of the protobuf wire format (protobuf.dev, "Encoding") that hands out fields in place, with no message objects between. It
 * throws only WireError, which the decoders turn into a refusal.
 */
import { RefusedItem } from './refused.ts';
import { readText } from './text-cache.ts';

export class WireError extends Error {}

export const wireVarint = 0;
export const wireFixed64 = 1;
export const wireBytes = 2;
export const wireFixed32 = 5;

export class WireReader {
  readonly buffer: Buffer;
  pos = 0;
  /** Of the field read last by `next`. */
  field = 0;
  wireType = 0;
  /** Bytes of the text read last. */
  lastLength = 0;
  /** Parts of the item that is being read: events, links, nested values, buckets. A plain field, as decoding measured slower with a `#field`. */
  private partCount = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  /** Moves to the next field of the message that ends at `end`; false when there is none. */
  next(end: number): boolean {
    if (this.pos >= end) return false;
    const tag = this.varint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new WireError(`field number 0 at byte ${this.pos}`);
    return true;
  }

  /** Enters a length-delimited field and returns where it ends. */
  enter(): number {
    if (this.wireType !== wireBytes) throw this.#wrongType();
    const length = this.varint32();
    const end = this.pos + length;
    if (end > this.buffer.length) throw new WireError(`field ${this.field} ends beyond the body, at byte ${this.pos}`);
    return end;
  }

  text(): string {
    const end = this.enter();
    this.lastLength = end - this.pos;
    const text = readText(this.buffer, this.pos, end);
    this.pos = end;
    return text;
  }

  /** Bytes as lower-case hex: ids. */
  hex(): string {
    const end = this.enter();
    const hex = this.buffer.toString('hex', this.pos, end);
    this.pos = end;
    return hex;
  }

  bytes(): Buffer {
    const end = this.enter();
    const bytes = this.buffer.subarray(this.pos, end);
    this.pos = end;
    return bytes;
  }

  /** An unsigned varint of which only the low 32 bits matter. */
  varint32(): number {
    const first = this.buffer[this.pos];
    if (first !== undefined && first < 128) {
      this.pos++;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.buffer[this.pos++];
      if (byte === undefined) throw new WireError('the body ends inside a number');
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new WireError(`a number longer than ten bytes, at byte ${this.pos}`);
  }

  /** An enum or a bool. */
  number(): number {
    if (this.wireType !== wireVarint) throw this.#wrongType();
    return this.varint32();
  }

  /** A varint int64. */
  int64(): bigint {
    if (this.wireType !== wireVarint) throw this.#wrongType();
    return this.varint64();
  }

  /** A varint of 64 bits, of any field. */
  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.pos++];
      if (byte === undefined) throw new WireError('the body ends inside a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
    throw new WireError(`a number longer than ten bytes, at byte ${this.pos}`);
  }

  fixed64(): bigint {
    return this.buffer.readBigUInt64LE(this.#fixed(8));
  }

  sfixed64(): bigint {
    return this.buffer.readBigInt64LE(this.#fixed(8));
  }

  /** Where a field of 64 bits begins; the reader goes behind it. */
  fixed64At(): number {
    return this.#fixed(8);
  }

  double(): number {
    return this.buffer.readDoubleLE(this.#fixed(8));
  }

  #fixed(size: 8): number {
    if (this.wireType !== wireFixed64) throw this.#wrongType();
    const at = this.pos;
    if (at + size > this.buffer.length) throw new WireError('the body ends inside a number');
    this.pos = at + size;
    return at;
  }

  /** Repeated 64-bit fields, packed or one by one. */
  eachFixed64(take: (at: number) => void): void {
    if (this.wireType !== wireBytes) {
      take(this.#fixed(8));
      return;
    }
    const end = this.enter();
    if ((end - this.pos) % 8 !== 0) throw new WireError(`packed field ${this.field} is not whole, at byte ${this.pos}`);
    for (; this.pos < end; this.pos += 8) take(this.pos);
  }

  /** Repeated varints, packed or one by one. `take` reads one of them. */
  eachVarint(take: () => void): void {
    if (this.wireType === wireVarint) {
      take();
      return;
    }
    const end = this.enter();
    while (this.pos < end) take();
    this.leave(end);
  }

  /** To be called where an item begins. */
  beginItem(): void {
    this.partCount = 0;
  }

  /**
   * Counts a part that becomes an object in memory. An empty part takes two bytes on the wire and a hundred in memory. Throws RefusedItem
   * above `most`.
   */
  countPart(most: number): void {
    this.partCount++;
    if (this.partCount <= most) return;
    const reason = `events, links, nested values and buckets: expected at most ${most} in one item`;
    throw new RefusedItem({ code: 'INGEST_INVALID', reason });
  }

  skip(): void {
    if (this.wireType === wireVarint) this.varint32();
    else if (this.wireType === wireBytes) this.pos = this.enter();
    else if (this.wireType === wireFixed64) this.#advance(8);
    else if (this.wireType === wireFixed32) this.#advance(4);
    else throw this.#wrongType();
  }

  #advance(size: number): void {
    this.pos += size;
    if (this.pos > this.buffer.length) throw new WireError('the body ends inside a number');
  }

  /** To be called at the end of a message: a field must not reach beyond it. */
  leave(end: number): void {
    if (this.pos !== end) throw new WireError(`a field reaches beyond its message, at byte ${end}`);
  }

  #wrongType(): WireError {
    return new WireError(`field ${this.field} has wire type ${this.wireType}, at byte ${this.pos}`);
  }
}
