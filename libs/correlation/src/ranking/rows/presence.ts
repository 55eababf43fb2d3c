/** Signs of life of instances. */
import type { EvidenceResult, PresenceRow } from '@faultline/model';

/** An instance is silent after several missed exports of any common interval (10 to 60 s). */
export const silentAfterMs = 90_000;

/**
 * How long the instance has been silent, in ms. Each signal that it used to send is compared with the newest data of that signal from
 * anybody; the shortest lag counts. Spans or logs that stand still for everybody say nothing where metrics go on, which come at intervals.
 */
export function silenceMs(row: PresenceRow, watermarks: EvidenceResult['watermarks']): number {
  const newestMs = Math.max(...Object.values(watermarks));
  const isCurrent = (watermarkMs: number): boolean => newestMs - watermarkMs < silentAfterMs;
  const hasInterval = row.lastMetricMs > 0 && isCurrent(watermarks.metrics);
  const lag = (lastMs: number, watermarkMs: number): number =>
    lastMs > 0 && (!hasInterval || isCurrent(watermarkMs)) ? watermarkMs - lastMs : Number.POSITIVE_INFINITY;
  return Math.min(
    lag(row.lastSpanMs, watermarks.spans),
    lag(row.lastMetricMs, watermarks.metrics),
    lag(row.lastLogMs, watermarks.logs),
  );
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
