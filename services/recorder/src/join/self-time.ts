/** Self time: how long a span worked itself, neither waiting for its children nor for a call made inside it. */

/** [start, end] in microseconds. */
export type Interval = readonly [startUs: number, endUs: number];

/** Limit of calls checked for one span, to bound the work. Only a runaway trace has more. */
const maxCallsPerSpan = 1_024;

export interface SelfTimeInput {
  readonly span: Interval;
  readonly children: readonly Interval[];
  /** Client spans of the same instance in the trace, sorted by start. The span itself may be among them. */
  readonly instanceCalls: readonly Interval[];
}

/**
 * The span's duration minus the union of its children and of every call of the same instance inside it. Frameworks
 * often attach a call to another parent than the span that waits for it; without this rule the waiting span would be
 * blamed.
 */
export function selfTimeUs({ span, children, instanceCalls }: SelfTimeInput): number {
  const waits: Interval[] = children.filter((child) => child[0] < span[1] && child[1] > span[0]);
  const first = firstAtOrAfter(instanceCalls, span[0]);
  const last = Math.min(instanceCalls.length, first + maxCallsPerSpan);
  for (let index = first; index < last; index++) {
    const call = instanceCalls[index];
    if (call === undefined || call[0] > span[1]) break;
    if (call !== span && call[1] <= span[1]) waits.push(call);
  }
  return span[1] - span[0] - coveredUs(span, waits);
}

/** How much of the span the intervals cover. Overlaps count once. */
function coveredUs([startUs, endUs]: Interval, intervals: Interval[]): number {
  if (intervals.length > 1) intervals.sort((a, b) => a[0] - b[0]);
  let covered = 0;
  let reached = startUs;
  for (const [from, to] of intervals) {
    const begin = Math.max(from, reached);
    const end = Math.min(to, endUs);
    if (end > begin) covered += end - begin;
    reached = Math.max(reached, end);
  }
  return covered;
}

function firstAtOrAfter(intervals: readonly Interval[], startUs: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.[0] ?? 0) < startUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
