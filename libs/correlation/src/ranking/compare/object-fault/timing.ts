/** Whether a fault that a cluster reports fits the onset in time. */
import type { WorkloadFinding } from '@faultline/model';
import type { Comparison } from '../comparison.ts';

/**
 * Rules of kube-prometheus fire after a quarter of an hour, and a node counts as not ready after 40 s. A fault half an hour old is as likely
 * as not what was there anyway.
 */
const halfAgeMs = 1_800_000;
/** A fault that alerts itself may be known for long: alerts about it repeat for hours. */
const ownHalfAgeMs = 4 * 3_600_000;
/** Probes, back-offs and conditions need some time before they show. */
export const reportSlackMs = 120_000;

export type TimingInputs = Pick<Comparison, 'input' | 'onset'>;

/** The time that a fault is compared with: the onset that telemetry shows, or else the first alert. In ms. */
export function effectMs({ onset, input }: TimingInputs): number {
  return onset.isSeen ? Math.min(onset.atMs, input.startedAtMs) : input.startedAtMs;
}

/**
 * 1 right before the effect; less the older the fault is, or the later it came. 0 when it was over before. One that lasted seconds counts
 * little: a better reason took its place, or it passed.
 */
export function faultTiming(
  inputs: TimingInputs,
  { sinceMs, endedAtMs }: Pick<WorkloadFinding, 'sinceMs' | 'endedAtMs'>,
  isAlerted: boolean,
): number {
  const atMs = effectMs(inputs);
  if (endedAtMs !== null && endedAtMs < atMs - reportSlackMs) return 0;
  const lasting = endedAtMs === null ? 1 : (endedAtMs - sinceMs) / (endedAtMs - sinceMs + reportSlackMs);
  const ageMs = atMs - sinceMs;
  if (ageMs >= 0) {
    const halfMs = isAlerted ? ownHalfAgeMs : halfAgeMs;
    return (lasting * halfMs) / (halfMs + ageMs);
  }
  const lateMs = Math.max(0, -ageMs - reportSlackMs);
  return (lasting * reportSlackMs) / (reportSlackMs + lateMs);
}
