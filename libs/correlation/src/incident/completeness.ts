/** How much of the evidence a result holds, and up to which time. What was not read must not be taken for silence. */
import type { EvidenceResult, MissingCode } from '@faultline/model';

/** `unread`: the store could not be read. `partial`: some of it could not, or is not recorded yet. */
export type Completeness = 'full' | 'partial' | 'unread';

/** These pass with time. A result that is cut short by a limit would be cut again. */
const passing: ReadonlySet<MissingCode> = new Set(['failed', 'timeout', 'behind']);

export function completenessOf({ missing }: Pick<EvidenceResult, 'missing'>): Completeness {
  if (!isReachable({ missing })) return 'unread';
  return missing.some(({ code }) => passing.has(code)) ? 'partial' : 'full';
}

/** Whether the store could be read at all. */
export function isReachable({ missing }: Pick<EvidenceResult, 'missing'>): boolean {
  return !missing.some(({ part }) => part === 'store');
}

/**
 * Whether a result shows how things are a minute after `sinceMs`: nothing failed, and everything that had arrived by then was recorded.
 * Results of releases that did not say how far the recorder was count as recorded.
 */
export function showsAfter({ missing, recordedUntilMs = {} }: EvidenceResult, sinceMs: number): boolean {
  if (missing.some(({ part, code }) => part === 'store' || code === 'failed')) return false;
  return Object.values(recordedUntilMs).every((untilMs) => untilMs >= sinceMs + afterMs);
}
const afterMs = 60_000;
