/** Compares nanoseconds of a request with the usable ones, as two halves of 32 bits: a bigint for each time of each item costs too much. */
import type { ItemRules } from '../validity.ts';

export interface TimeWindow {
  readonly minHigh: number;
  readonly minLow: number;
  readonly maxHigh: number;
  readonly maxLow: number;
}

const half = 32n;
const lowMask = 0xffff_ffffn;

/** The times from the earliest to the latest usable one. A time before 1970 is none: protobuf has unsigned ones. */
export function timeWindow({ minNs, maxNs }: Pick<ItemRules, 'minNs' | 'maxNs'>): TimeWindow {
  const min = minNs < 0n ? 0n : minNs;
  return {
    minHigh: Number(min >> half),
    minLow: Number(min & lowMask),
    maxHigh: Number(maxNs >> half),
    maxLow: Number(maxNs & lowMask),
  };
}

/** Whether the eight bytes at `at` are a usable time. */
export function isTimeIn(buffer: Buffer, at: number, window: TimeWindow): boolean {
  const low = buffer.readUInt32LE(at);
  const high = buffer.readUInt32LE(at + 4);
  const isEarly = high < window.minHigh || (high === window.minHigh && low < window.minLow);
  const isLate = high > window.maxHigh || (high === window.maxHigh && low > window.maxLow);
  return !isEarly && !isLate;
}
