/** Telemetry of a service or instance stopped while that of others goes on: it is down, or nobody can see it. */
import type { EvidenceAnswer, PresenceRow } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatSeconds } from '../describe.ts';
import type { Finding } from '../finding.ts';

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life within this time before the onset: longer gone is not part of this incident. */
const recentMs = 900_000;

export function blind(context: Context): Finding[] {
  const watermarks = context.input.answer?.watermarks;
  if (watermarks === undefined) return [];
  const goneMs = (row: PresenceRow): number => silenceOf(row, watermarks);
  const alive = context.presence.filter((row) => goneMs(row) < silentAfterMs);
  if (alive.length * 2 < context.presence.length) return [];
  return [...Map.groupBy(context.presence, ({ service }) => service)].flatMap(([service, rows]) => {
    const last = Math.max(...rows.map(lastSign));
    const gone = Math.min(...rows.map(goneMs));
    return gone < silentAfterMs || last < context.onset.atMs - recentMs ? [] : [finding(service, gone, context)];
  });
}

/** How long each signal that it used to send lags behind what others send of that signal; the shortest. A signal that all lack is nobody's. */
function silenceOf(row: PresenceRow, watermarks: EvidenceAnswer['watermarks']): number {
  const lags = [
    row.lastSpanMs > 0 ? watermarks.spans - row.lastSpanMs : Number.POSITIVE_INFINITY,
    row.lastMetricMs > 0 ? watermarks.metrics - row.lastMetricMs : Number.POSITIVE_INFINITY,
    row.lastLogMs > 0 ? watermarks.logs - row.lastLogMs : Number.POSITIVE_INFINITY,
  ];
  return Math.min(...lags);
}

function lastSign({ lastSpanMs, lastMetricMs, lastLogMs }: PresenceRow): number {
  return Math.max(lastSpanMs, lastMetricMs, lastLogMs);
}

/** A service that is still called, and fails its callers, is down; one that nobody misses is only unseen. */
function finding(service: string, goneMs: number, { edges }: Context): Finding {
  const missed = edges.some(({ callee, during }) => callee === service && during.errors > 0);
  return {
    kind: 'blind',
    reason: missed ? 'down' : 'blind',
    service,
    instance: '',
    causeKind: missed ? 'down' : 'blind',
    entity: `service:${service}`,
    strength: 1,
    explainable: 0,
    summary: `no spans, logs or metrics from ${service} for ${formatSeconds(goneMs)}, while others go on sending`,
    before: 'sending',
    during: `silent for ${formatSeconds(goneMs)}`,
  };
}
