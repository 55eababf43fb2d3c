/** Signs of life of instances. */
import type { EvidenceResult, PresenceRow } from '@faultline/model';

/** An instance is silent after several missed exports of any common interval (10 to 60 s). */
export const silentAfterMs = 90_000;

/**
 * How long the instance has been silent, in ms. Each signal that it used to send is compared with the newest data of that signal from
 * anybody; the shortest lag counts. So a signal that is missing everywhere is ignored.
 */
export function silenceMs(row: PresenceRow, watermarks: EvidenceResult['watermarks']): number {
  const lags = [
    row.lastSpanMs > 0 ? watermarks.spans - row.lastSpanMs : Number.POSITIVE_INFINITY,
    row.lastMetricMs > 0 ? watermarks.metrics - row.lastMetricMs : Number.POSITIVE_INFINITY,
    row.lastLogMs > 0 ? watermarks.logs - row.lastLogMs : Number.POSITIVE_INFINITY,
  ];
  return Math.min(...lags);
}

export function isSilent(row: PresenceRow, watermarks: EvidenceResult['watermarks']): boolean {
  return silenceMs(row, watermarks) >= silentAfterMs;
}

/** The last span, metric or log line, in ms since the epoch. */
export function lastSignMs({ lastSpanMs, lastMetricMs, lastLogMs }: PresenceRow): number {
  return Math.max(lastSpanMs, lastMetricMs, lastLogMs);
}

/** A service that gave no sign of life for this long before the onset had stopped before this incident. */
export const recentlyAliveMs = 300_000;
