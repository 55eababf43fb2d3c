/** Bytes in the little-endian order of ClickHouse's binary formats. The buffer grows as needed. */
export class ByteWriter {
  #bytes: Buffer;
  #view: DataView;
  #end = 0;

  constructor(initialBytes = 1 << 18) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#end;
  }

  /** What was written. The writer must not be used afterwards. */
  bytes(): Uint8Array<ArrayBufferLike> {
    return this.#bytes.subarray(0, this.#end);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#end, value, true);
    this.#end += 2;
  }

  i16(value: number): void {
    this.u16(value & 0xffff);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#end, value, true);
    this.#end += 4;
  }

  /** A whole number from 0 to 2^53. Much faster than with a bigint. */
  u64(value: number): void {
    this.#reserve(8);
    this.#view.setUint32(this.#end, value >>> 0, true);
    this.#view.setUint32(this.#end + 4, Math.floor(value / 2 ** 32), true);
    this.#end += 8;
  }

  big64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#end, value, true);
    this.#end += 8;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  /** LEB128. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.u8((rest % 128) | 0x80);
    this.u8(rest);
  }

  /** Length and UTF-8. Half a surrogate pair becomes U+FFFD. */
  text(value: string): void {
    if (value.length > maxShort) this.#longText(value);
    else this.#shortText(value);
  }

  /** Writes again what was written between two lengths. */
  repeat(fromByte: number, toByte: number): void {
    this.#reserve(toByte - fromByte);
    this.#bytes.copyWithin(this.#end, fromByte, toByte);
    this.#end += toByte - fromByte;
  }

  /** For a few characters a loop is faster than a call into the runtime. */
  #shortText(value: string): void {
    const { length } = value;
    this.#reserve(1 + length * 3);
    const bytes = this.#bytes;
    const from = this.#end + 1;
    let size = 0;
    for (; size < length; size++) {
      const code = value.charCodeAt(size);
      if (code >= 0x80) break;
      bytes[from + size] = code;
    }
    if (size < length) size = bytes.write(value, from, 'utf8');
    bytes[this.#end] = size;
    this.#end = from + size;
  }

  #longText(value: string): void {
    const size = Buffer.byteLength(value, 'utf8');
    this.varint(size);
    this.#reserve(size);
    this.#bytes.write(value, this.#end, 'utf8');
    this.#end += size;
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Up to this many characters the length takes one byte, whatever the characters. */
const maxShort = 42;
