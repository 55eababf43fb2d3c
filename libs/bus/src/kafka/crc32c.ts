/**
 * CRC-32C (Castagnoli), the checksum of record batches. Node's zlib only has the other CRC-32. Processes eight bytes at
 * a time.
 */
const polynomial = 0x82f63b78;
const width = 8;
const tables = makeTables();

function makeTables(): readonly Int32Array[] {
  const made = Array.from({ length: width }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ polynomial;
    (made[0] as Int32Array)[byte] = value;
  }
  for (let byte = 0; byte < 256; byte += 1)
    for (let index = 1; index < width; index += 1) {
      const before = made[index - 1]?.[byte] ?? 0;
      (made[index] as Int32Array)[byte] = (before >>> 8) ^ (made[0]?.[before & 0xff] ?? 0);
    }
  return made;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** Computes the checksum, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeBytes = bytes.length - (bytes.length % width);
  let crc = -1;
  for (let at = 0; at < wholeBytes; at += width) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      look(t7, low) ^
      look(t6, low >>> 8) ^
      look(t5, low >>> 16) ^
      look(t4, low >>> 24) ^
      look(t3, high) ^
      look(t2, high >>> 8) ^
      look(t1, high >>> 16) ^
      look(t0, high >>> 24);
  }
  for (let at = wholeBytes; at < bytes.length; at += 1) crc = (crc >>> 8) ^ look(t0, crc ^ (bytes[at] as number));
  return ~crc >>> 0;
}

const look = (table: Int32Array, byte: number): number => table[byte & 0xff] as number;
