/** Where instances run, and how they fare there. */
import type { EvidenceResult, PresenceRow } from '@faultline/model';
import type { Context } from './comparison.ts';
import { instanceHealth, type PlacedInstance } from './instances.ts';

export interface Place {
  readonly kind: 'node' | 'zone';
  readonly name: string;
  readonly own: readonly PlacedInstance[];
}

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life within this time before the onset: longer gone is not part of this incident. */
const recentMs = 900_000;

/** Instances whose node or zone is known and that were alive shortly before the harm. Sorted by service and name. */
export function placedInstances({
  input,
  groups,
  sides,
  onset,
  presence,
}: Pick<Context, 'input' | 'groups' | 'sides' | 'onset' | 'presence'>): PlacedInstance[] {
  const watermarks = input.answer?.watermarks;
  if (watermarks === undefined || !hasPlaces(presence)) return [];
  const health = new Map(instanceHealth(groups, sides).map((one) => [`${one.service}\n${one.instance}`, one.harm]));
  const rows = presence.filter((row) => row.instance !== '' && lastSignMs(row) >= onset.atMs - recentMs);
  const placed = rows.map((row) => {
    const { service, instance, node, zone } = row;
    const isSilent = silenceMs(row, watermarks) >= silentAfterMs;
    return { service, instance, node, zone, harm: isSilent ? 1 : (health.get(`${service}\n${instance}`) ?? 0) };
  });
  return placed.sort((a, b) => (`${a.service}\n${a.instance}` < `${b.service}\n${b.instance}` ? -1 : 1));
}

/** With fewer than two nodes and two zones, no place can be told from the rest. */
function hasPlaces(presence: readonly PresenceRow[]): boolean {
  const names = (pick: (row: PresenceRow) => string): Set<string> =>
    new Set(presence.map(pick).filter((name) => name !== ''));
  return names(({ node }) => node).size > 1 || names(({ zone }) => zone).size > 1;
}

/** How long each signal that it used to send lags behind what others send of that signal; the shortest. A signal that all lack is nobody's. */
export function silenceMs(row: PresenceRow, watermarks: EvidenceResult['watermarks']): number {
  const lags = [
    row.lastSpanMs > 0 ? watermarks.spans - row.lastSpanMs : Number.POSITIVE_INFINITY,
    row.lastMetricMs > 0 ? watermarks.metrics - row.lastMetricMs : Number.POSITIVE_INFINITY,
    row.lastLogMs > 0 ? watermarks.logs - row.lastLogMs : Number.POSITIVE_INFINITY,
  ];
  return Math.min(...lags);
}

export function lastSignMs({ lastSpanMs, lastMetricMs, lastLogMs }: PresenceRow): number {
  return Math.max(lastSpanMs, lastMetricMs, lastLogMs);
}
