/** Telemetry of a service or instance stopped while that of others goes on: it is down, or nobody can see it. */
import type { PresenceRow } from '@faultline/model';
import type { Context } from '../context.ts';
import { formatSeconds } from '../describe.ts';
import type { Finding } from '../finding.ts';
import { weights } from '../weights.ts';

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life within this time before the onset: longer gone is not part of this incident. */
const recentMs = 900_000;

export function blind(context: Context): Finding[] {
  const watermarks = context.input.answer?.watermarks;
  if (watermarks === undefined) return [];
  const newest = Math.max(watermarks.spans, watermarks.logs, watermarks.metrics);
  const byService = Map.groupBy(context.presence, ({ service }) => service);
  return [...byService].flatMap(([service, rows]) => {
    const last = Math.max(...rows.map(lastSign));
    const gone = newest - last;
    if (gone < silentAfterMs || last < context.onsetMs - recentMs) return [];
    if (!othersGoOn(context.presence, newest)) return [];
    return [finding(service, gone, context)];
  });
}

function lastSign({ lastSpanMs, lastMetricMs, lastLogMs }: PresenceRow): number {
  return Math.max(lastSpanMs, lastMetricMs, lastLogMs);
}

function othersGoOn(presence: readonly PresenceRow[], newest: number): boolean {
  return presence.filter((row) => newest - lastSign(row) < silentAfterMs).length * 2 >= presence.length;
}

/** A service that is still called, and fails its callers, is down; one that nobody misses is only unseen. */
function finding(service: string, goneMs: number, { edges }: Context): Finding {
  const missed = edges.some(({ callee, during }) => callee === service && during.errors > 0);
  return {
    kind: 'blind',
    service,
    instance: '',
    causeKind: missed ? 'down' : 'blind',
    entity: `service:${service}`,
    weight: weights.blind * (missed ? 1.4 : 1),
    explainable: 0,
    summary: `no spans, logs or metrics from ${service} for ${formatSeconds(goneMs)}, while others go on sending`,
    before: 'sending',
    during: `silent for ${formatSeconds(goneMs)}`,
  };
}
