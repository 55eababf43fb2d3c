/** Since when a cause does harm. */
import type { Change } from '@faultline/model';
import { contrastChange } from '../compare/change/contrast.ts';
import { cameWith, changedService, slackMs } from '../compare/change/timing.ts';
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
  const silentMs = silentSinceMs(inputs, candidate);
  const ownMs = silentMs ?? inputs.onsetOf(candidate.service);
  const atMs = change === null || silentMs !== null ? ownMs : changedSinceMs(inputs, change, ownMs);
  return change === null ? atMs : Math.max(atMs, Math.min(change.startedAtMs, atMs + slackMs));
}

function changedSinceMs(inputs: SinceInputs, change: Change, atMs: number): number {
  const { verdict } = contrastChange(inputs, change, changedService(change));
  return cameWith(inputs, change, verdict) ? change.startedAtMs : atMs;
}

/** Exports are that far apart, and so are the last signs of what falls silent together. */
const exportMs = 60_000;
/** Points of metrics are stamped up to one more export early. */
const togetherMs = 2 * exportMs;

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
  const lastMs = endOfFirstGroup(lastSigns.sort((a, b) => a - b));
  // It stopped between its last sign and the next one that is missing. What others saw of it may tell when.
  const seenMs = onsetOf(service);
  return seenMs > lastMs && seenMs <= lastMs + exportMs ? seenMs : lastMs;
}

/** The last of the times that follow the first one without a gap. */
function endOfFirstGroup(sorted: readonly number[]): number {
  const [firstMs = 0] = sorted;
  let endMs = firstMs;
  for (const atMs of sorted) if (atMs <= endMs + exportMs && atMs <= firstMs + togetherMs) endMs = atMs;
  return endMs;
}
