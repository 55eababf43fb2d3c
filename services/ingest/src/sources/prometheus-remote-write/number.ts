/** Numbers as Prometheus writes them. */

/** Prometheus marks the end of a series by this NaN (prometheus/prometheus: model/value). */
const staleMarker = 0x7ff0000000000002n;

/** Whether the double at this place of the buffer says that the series ended. */
export function isStaleMarker(buffer: Buffer, at: number): boolean {
  return buffer.readBigUInt64LE(at) === staleMarker;
}

/** A count of a float histogram. Counts on the topics are whole. */
export function toCount(value: number): bigint {
  return Number.isFinite(value) && value > 0 ? BigInt(Math.round(Math.min(value, 2 ** 62))) : 0n;
}

/** A zigzag-encoded sint32. */
export function toInt(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
