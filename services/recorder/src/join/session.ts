/**
 * Sessions of a trace: records of the trace that arrived close together. Sessions depend on the times of the records
 * alone, not on how they were polled or divided into checkpoints. See docs/adr/0002-exact-windows.md.
 */

export interface SessionRule {
  /** A session closes when its trace has had no record for this long. */
  readonly settleMs: number;
  /** Longest session. Later records start another one. */
  readonly maxAgeMs: number;
}

/** The first session of a trace's records. */
export interface FirstSession {
  /** How many of the leading records it holds. */
  readonly length: number;
  /** It closes when the watermark reaches this time. */
  readonly dueMs: number;
  /** True when it reached its longest age, so the trace may continue without a pause. */
  readonly aged: boolean;
}

/** Finds the first session. `timesMs` is sorted and not empty. */
export function firstSession(timesMs: readonly number[], { settleMs, maxAgeMs }: SessionRule): FirstSession {
  const endMs = (timesMs[0] ?? 0) + maxAgeMs;
  let last = timesMs[0] ?? 0;
  let length = 1;
  for (; length < timesMs.length; length++) {
    const next = timesMs[length] ?? 0;
    if (next - last >= settleMs || next >= endMs) break;
    last = next;
  }
  const aged = last + settleMs > endMs;
  return { length, dueMs: aged ? endMs : last + settleMs, aged };
}
