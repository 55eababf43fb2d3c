/** Whether a change fits an onset in time. */
import type { Change } from '@faultline/model';
import type { Comparison } from '../comparison.ts';
import type { ChangeVerdict } from './versions.ts';

/** The onset is known to about a slice and a window, and a change may finish a little after its first harm. */
export const slackMs = 60_000;
/** Most harmful changes show within minutes. After half an hour a change is one suspicion among others. */
export const halfAgeMs = 600_000;
/** A change of a caller harms the dependency that it calls at once, or hardly ever. */
export const callerHalfAgeMs = 90_000;
const oldAgeMs = 2 * 3_600_000;

/** The service that a change was made to, or empty. */
export function changedService({ entities }: Change): string {
  return entities.service ?? entities.workload ?? entities.database ?? entities.topic ?? '';
}

/** 1 right before the onset, a half after `halfMs`, 0 when it came after the onset or hours before. */
export function timingOf({ startedAtMs }: Change, onsetMs: number, halfMs = halfAgeMs): number {
  const ageMs = onsetMs - startedAtMs;
  if (ageMs < -slackMs || ageMs > oldAgeMs) return 0;
  return halfMs / (halfMs + Math.max(0, ageMs));
}

/**
 * Whether harm is taken to have begun with a change. Where no signal shows the onset, neither of the incident nor of the service, it is a guess.
 * New instances that suffer while old ones do not say more.
 */
export function cameWith(
  { onset, onsetOf }: Pick<Comparison, 'onset' | 'onsetOf'>,
  change: Change,
  verdict: ChangeVerdict,
): boolean {
  return verdict === 'guilty' && !onset.isSeen && onsetOf(changedService(change)) === onset.atMs;
}

/** How much a verdict of the contrast counts: 0 clears the change. */
export const verdictFactor = { guilty: 1.5, unknown: 1, innocent: 0 } as const;
