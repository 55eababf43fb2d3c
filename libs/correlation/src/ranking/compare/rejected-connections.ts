/**
 * Peers that are well and turn one caller away: they go on sending signs of life and nobody changed them, yet next to nothing that this caller
 * asks reaches them. Then it is what the caller shows at the door, or the way there, and not the peer.
 */
import { type CauseKind, histogramQuantile } from '@faultline/model';
import type { EdgePair } from './calls.ts';
import type { Context } from './comparison.ts';
import { lastSignMs, silenceMs } from './failure-domains.ts';

/** Next to nothing: a dead instance among several fails its share, and no more. */
const nearlyAll = 0.9;
const minCalls = 5;
/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life this long after the harm began was no late one. */
const afterMs = 30_000;
/** A change of the peer this long before may have closed the door. */
const changedMs = 900_000;
/** A door that is shut says so at once; a name that is not found or a way that is lost takes longer. */
const atOnceUs = 20_000;

type Around = Pick<Context, 'input' | 'presence' | 'onset' | 'sides'>;

/** The mechanism as far as time tells it; null where the peer may be at fault. */
export function turnedAway({ input, presence, onset, sides }: Around, edge: EdgePair): CauseKind | null {
  const { callee, during, rows } = edge;
  const watermarks = input.answer?.watermarks;
  const lost = rows.reduce((sum, row) => sum + (sides[row.slice] && row.source === 'client-span' ? row.errors : 0), 0);
  if (watermarks === undefined || during.calls < minCalls || lost < nearlyAll * during.calls) return null;
  const known = presence.filter((row) => row.service === callee && lastSignMs(row) >= onset.atMs - changedMs);
  const isAlive =
    known.length > 0 &&
    known.every((row) => silenceMs(row, watermarks) < silentAfterMs && lastSignMs(row) >= onset.duringFromMs + afterMs);
  if (!isAlive || input.changes.some((change) => isRecent(change, callee, onset.atMs))) return null;
  return histogramQuantile(during.duration, 0.5) < atOnceUs ? 'credential' : 'network';
}

function isRecent(
  { entities, startedAtMs }: Context['input']['changes'][number],
  service: string,
  onsetMs: number,
): boolean {
  return (entities.service ?? entities.workload) === service && Math.abs(onsetMs - startedAtMs) < changedMs;
}

/** Settings take hold at once, and a slice is half a minute. */
const settingsMs = 60_000;

/** Whether the caller's settings were changed just before calls to a peer without telemetry began to fail: the peer was not. */
export function hasNewSettings({ input, onset }: Around, { caller }: EdgePair): boolean {
  return input.changes.some(
    ({ entities, kind, startedAtMs }) =>
      (kind === 'config' || kind === 'flag') &&
      (entities.service ?? entities.workload) === caller &&
      Math.abs(onset.atMs - startedAtMs) <= settingsMs,
  );
}
