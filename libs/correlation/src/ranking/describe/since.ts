/** Since when a cause does harm. */
import type { Change } from '@faultline/model';
import { slackMs } from '../compare/change/timing.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { Candidate } from '../probability/candidate.ts';
import { isSilent, lastSignMs, recentlyAliveMs } from '../rows/presence.ts';
import { type BlameInputs, blamedChange } from './blamed-change.ts';

export type SinceInputs = BlameInputs & Pick<Comparison, 'watermarks'>;

/** When the cause began to do harm, in ms: by its own signals, and not before the change that is blamed for it. */
export function sinceOf(
  inputs: SinceInputs,
  candidate: Pick<Candidate, 'service' | 'findings'>,
  change: Change | null = blamedChange(inputs, candidate.service),
): number {
  const atMs = silentSinceMs(inputs, candidate) ?? inputs.onsetOf(candidate.service);
  return change === null ? atMs : Math.max(atMs, Math.min(change.startedAtMs, atMs + slackMs));
}

/** Exports are that far apart: what falls silent together gives its last signs within this time. */
const togetherMs = 60_000;

type SilenceInputs = Pick<Comparison, 'watermarks' | 'presence' | 'onset' | 'onsetOf'>;

/**
 * The last sign of life is known to the second, and statistics of slices are not. In ms; null where no silence speaks for the candidate. Of
 * instances that went one after the other, when the first ones did.
 */
export function silentSinceMs(
  { watermarks, presence, onset, onsetOf }: SilenceInputs,
  { service, findings }: Pick<Candidate, 'service' | 'findings'>,
): number | null {
  const wentSilent = findings.some(({ traits, weight }) => traits.telemetryStopped === true && weight > 0);
  if (watermarks === null || !wentSilent) return null;
  const lastSigns = presence
    .filter((row) => [row.service, row.node, row.zone].includes(service) && isSilent(row, watermarks))
    .map(lastSignMs)
    .filter((atMs) => atMs >= onset.atMs - recentlyAliveMs);
  if (lastSigns.length === 0) return null;
  const firstMs = Math.min(...lastSigns);
  const lastMs = Math.max(...lastSigns.filter((atMs) => atMs <= firstMs + togetherMs));
  // It stopped between its last sign and the next one that is missing. What others saw of it may tell when.
  const seenMs = onsetOf(service);
  return seenMs > lastMs && seenMs <= lastMs + togetherMs ? seenMs : lastMs;
}
