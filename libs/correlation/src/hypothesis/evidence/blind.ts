/** Telemetry of a service or instance stopped while that of others goes on: it is down, or nobody can see it. */
import type { PresenceRow } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatSeconds } from '../describe.ts';
import type { Finding } from '../finding.ts';
import { lastSignMs, silenceMs } from '../fold/places.ts';

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life within this time before the onset: longer gone is not part of this incident. */
const recentMs = 900_000;

export function blind(context: Context): Finding[] {
  const watermarks = context.input.answer?.watermarks;
  if (watermarks === undefined) return [];
  const goneMs = (row: PresenceRow): number => silenceMs(row, watermarks);
  const alive = context.presence.filter((row) => goneMs(row) < silentAfterMs);
  if (alive.length * 2 < context.presence.length) return [];
  return [...Map.groupBy(context.presence, ({ service }) => service)].flatMap(([service, rows]) => {
    const last = Math.max(...rows.map(lastSignMs));
    const gone = Math.min(...rows.map(goneMs));
    return gone < silentAfterMs || last < context.onset.atMs - recentMs ? [] : [finding(service, gone, context)];
  });
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
