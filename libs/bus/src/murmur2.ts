const seed = 0x9747b28c;
const mix = 0x5bd1e995;
const encoder = new TextEncoder();

/** Murmur2 hash as Kafka's Java client computes it: a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const wholeBytes = data.length & ~3;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let hash = seed ^ data.length;
  for (let at = 0; at < wholeBytes; at += 4) {
    let word = Math.imul(view.getInt32(at, true), mix);
    word = Math.imul(word ^ (word >>> 24), mix);
    hash = Math.imul(hash, mix) ^ word;
  }
  if (data.length > wholeBytes) hash = Math.imul(hash ^ tailOf(data, wholeBytes), mix);
  hash = Math.imul(hash ^ (hash >>> 13), mix);
  return hash ^ (hash >>> 15);
}

function tailOf(data: Uint8Array, from: number): number {
  let tail = 0;
  for (let at = data.length - 1; at >= from; at -= 1) tail = (tail << 8) | (data[at] ?? 0);
  return tail;
}

/** The partition of a key, as Kafka's default partitioner computes it from the key's UTF-8 bytes. */
export function partitionOfKey(key: string, partitionCount: number): number {
  return partitionCount === 1 ? 0 : (murmur2(encoder.encode(key)) & 0x7fffffff) % partitionCount;
}
