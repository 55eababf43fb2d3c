/** Since when a cause that went silent is gone: its last sign of life is known to the second, and statistics of slices are not. */

import type { Context } from '../compare/comparison.ts';
import { lastSignMs, silenceMs } from '../compare/failure-domains.ts';
import type { Candidate } from '../probability/candidate.ts';

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** Exports are that far apart: what falls silent together gives its last signs within this time. */
const togetherMs = 60_000;
/** Longer gone before the harm, it is not part of this incident. */
const recentMs = 300_000;

/** In ms; null where no silence speaks against the candidate. Of instances that went one after the other, when the first ones did. */
export function silentSinceMs(context: Context, { service, findings }: Candidate): number | null {
  const { input, presence, onset } = context;
  const watermarks = input.answer?.watermarks;
  const isSilent = findings.some(({ kind, weight }) => (kind === 'blind' || kind === 'shared-place') && weight > 0);
  if (watermarks === undefined || !isSilent) return null;
  const lastSigns = presence
    .filter((row) => [row.service, row.node, row.zone].includes(service) && silenceMs(row, watermarks) >= silentAfterMs)
    .map(lastSignMs)
    .filter((atMs) => atMs >= onset.atMs - recentMs);
  if (lastSigns.length === 0) return null;
  const firstMs = Math.min(...lastSigns);
  const lastMs = Math.max(...lastSigns.filter((atMs) => atMs <= firstMs + togetherMs));
  // It went between its last sign and the next one that is missing; what others saw of it may tell when.
  const seenMs = context.onsetOf(service);
  return seenMs > lastMs && seenMs <= lastMs + togetherMs ? seenMs : lastMs;
}
