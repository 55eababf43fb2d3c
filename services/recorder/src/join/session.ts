/**
 * Sessions of a trace: records of the trace that came close together. Which records make a session is a function of their times alone,
 * so that it does not matter how they were polled or checkpoint. See docs/adr/0002-exact-windows.md.
 */

export interface SessionRule {
  /** A session closes when so much time passes without news of its trace. */
  readonly settleMs: number;
  /** A session is at most so old; what comes later is another session. */
  readonly maxAgeMs: number;
}

/** The first session among a trace's records. */
export interface FirstSession {
  /** How many of the leading records it holds. */
  readonly length: number;
  /** It is closed when the watermark (all earlier records are read) has reached this time. */
  readonly dueMs: number;
  /** True when it ends by its age: the trace may go on without a pause. */
  readonly aged: boolean;
}

/** The first session of records given by their times, sorted, at least one. */
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
