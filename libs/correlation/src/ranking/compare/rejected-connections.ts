/**
 * Healthy peers that reject one caller. The peer goes on sending telemetry and nobody changed it, yet next to nothing that this caller asks
 * reaches it. Then the fault is the caller's credentials or the network path, and not the peer.
 */
import { type CauseKind, type Change, histogramQuantile } from '@faultline/model';
import { lastSignMs, silenceMs, silentAfterMs } from '../rows/presence.ts';
import type { EdgeComparison } from './calls.ts';
import type { Comparison } from './comparison.ts';

/** Next to nothing arrives. A dead instance among several fails its share and no more. */
const nearlyAll = 0.9;
const minCalls = 5;
/** A sign of life this long after the onset proves that the peer lived on. */
const afterMs = 30_000;
/** A change of the peer within this time of the onset may be why it rejects callers. */
const changedMs = 900_000;
/** A rejection is immediate. A name that does not resolve or a lost path takes longer. */
const immediateUs = 20_000;

type Inputs = Pick<Comparison, 'input' | 'presence' | 'onset' | 'windows'>;

/** The mechanism, as far as the time to failure tells it. Null where the peer may be at fault. */
export function rejectionOf({ input, presence, onset, windows }: Inputs, edge: EdgeComparison): CauseKind | null {
  const { callee, during, rows } = edge;
  const watermarks = input.answer?.watermarks;
  const lost = rows.reduce(
    (sum, row) => sum + (windows[row.slice] === 'incident' && row.source === 'client-span' ? row.errors : 0),
    0,
  );
  if (watermarks === undefined || during.calls < minCalls || lost < nearlyAll * during.calls) return null;
  const known = presence.filter((row) => row.service === callee && lastSignMs(row) >= onset.atMs - changedMs);
  const isAlive =
    known.length > 0 &&
    known.every((row) => silenceMs(row, watermarks) < silentAfterMs && lastSignMs(row) >= onset.duringFromMs + afterMs);
  if (!isAlive || input.changes.some((change) => isRecentChange(change, callee, onset.atMs))) return null;
  return histogramQuantile(during.duration, 0.5) < immediateUs ? 'credential' : 'network';
}

function isRecentChange({ entities, startedAtMs }: Change, service: string, onsetMs: number): boolean {
  return (entities.service ?? entities.workload) === service && Math.abs(onsetMs - startedAtMs) < changedMs;
}

/** New settings take effect at once, and a slice is half a minute. */
const settingsMs = 60_000;

/** Whether somebody changed the caller's settings just before the onset. */
export function hasNewSettings({ input, onset }: Pick<Inputs, 'input' | 'onset'>, { caller }: EdgeComparison): boolean {
  return input.changes.some(
    ({ entities, kind, startedAtMs }) =>
      (kind === 'config' || kind === 'flag') &&
      (entities.service ?? entities.workload) === caller &&
      Math.abs(onset.atMs - startedAtMs) <= settingsMs,
  );
}
