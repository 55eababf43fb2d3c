/**
 * Writes Avro's binary encoding (Avro specification, "Binary Encoding") into a buffer that grows. Texts and ids are copied from the sender's
 * bytes, so that no string and no bigint is made of what only passes through.
 */
export class AvroWriter {
  buffer: Buffer;
  /** Where the next byte goes. May be set back to discard what follows. */
  pos = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(64, capacity));
  }

  /** Makes room for `bytes` more. */
  reserve(bytes: number): void {
    const needed = this.pos + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.pos);
    this.buffer = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.pos++] = value;
  }

  /** An int, a long, an enum or a boolean: at least 0 and below 2^31. */
  int(value: number): void {
    this.reserve(5);
    this.#varint(value << 1);
  }

  /** A long that is at least 0, as its two halves. Each is unsigned. */
  long(high: number, low: number): void {
    this.reserve(10);
    let lowBits = (low << 1) >>> 0;
    let highBits = ((high << 1) | (low >>> 31)) >>> 0;
    while (highBits !== 0) {
      this.buffer[this.pos++] = (lowBits & 127) | 128;
      lowBits = ((lowBits >>> 7) | (highBits << 25)) >>> 0;
      highBits >>>= 7;
    }
    this.#varint(lowBits);
  }

  #varint(value: number): void {
    const { buffer } = this;
    let rest = value >>> 0;
    while (rest > 127) {
      buffer[this.pos++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    buffer[this.pos++] = rest;
  }

  double(value: number): void {
    this.reserve(8);
    this.pos = this.buffer.writeDoubleLE(value, this.pos);
  }

  /** Bytes of `source[start, end)` as they are, without a length. Doubles of protobuf and Avro look the same. */
  raw(source: Buffer, start = 0, end = source.length): void {
    this.reserve(end - start);
    source.copy(this.buffer, this.pos, start, end);
    this.pos += end - start;
  }

  /** Short bytes with their length: an id. */
  bytes(source: Buffer, start: number, length: number): void {
    this.int(length);
    this.reserve(length);
    for (let at = start; at < start + length; at++) this.buffer[this.pos++] = source[at] as number;
  }

  /** A whole number from 0 to 2^31 as a text of decimal digits. */
  decimal(value: number): void {
    let length = 1;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) length++;
    this.int(length);
    this.reserve(length);
    this.pos += length;
    let rest = value;
    for (let at = this.pos - 1; length > 0; at--, length--) {
      this.buffer[at] = 48 + (rest % 10);
      rest = (rest / 10) | 0;
    }
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.int(length);
    this.reserve(length);
    this.pos += this.buffer.write(text, this.pos);
  }

  /** The UTF-8 text of `source[start, end)`. Bytes that are not UTF-8 become U+FFFD, as the reader of a string would make them. */
  textOf(source: Buffer, start: number, end: number): void {
    const begin = this.pos;
    this.int(end - start);
    this.reserve(end - start);
    const { buffer } = this;
    let to = this.pos;
    let bits = 0;
    for (let at = start; at < end; at++) {
      const byte = source[at] as number;
      buffer[to++] = byte;
      bits |= byte;
    }
    this.pos = to;
    if (bits < 128) return;
    this.pos = begin;
    this.text(source.toString('utf8', start, end));
  }
}
