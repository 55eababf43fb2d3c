/** Telemetry of a service or instance stopped while that of others goes on: it is down, or nobody can see it. */
import type { PresenceRow } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import { lastSignMs, silenceMs } from '../compare/failure-domains.ts';
import type { Finding } from '../finding/finding.ts';
import { formatSeconds } from '../finding/format.ts';
import { lookAtPresence } from '../finding/reference.ts';

/** Several missed exports of any common interval (10 to 60 s). */
const silentAfterMs = 90_000;
/** A sign of life within this time before the onset: longer gone is not part of this incident. */
const recentMs = 300_000;

export function blind(context: Context): Finding[] {
  const { input, presence, onset } = context;
  const watermarks = input.answer?.watermarks;
  if (watermarks === undefined) return [];
  const goneMs = (row: PresenceRow): number => silenceMs(row, watermarks);
  const alive = presence.filter((row) => goneMs(row) < silentAfterMs);
  if (alive.length * 2 < presence.length) return [];
  const wasRecent = (row: PresenceRow): boolean => lastSignMs(row) >= onset.atMs - recentMs;
  const silent = [...Map.groupBy(presence, ({ service }) => service)].flatMap(([service, rows]) => {
    const gone = rows.filter((row) => goneMs(row) >= silentAfterMs && wasRecent(row));
    if (gone.length === 0) return [];
    const left = rows.filter((row) => goneMs(row) < silentAfterMs);
    return left.length === 0 || !isReplaced(context, service, { gone, left }) ? [{ service, gone, left }] : [];
  });
  // Telemetry that is still on its way, or many that fall silent at once, are the collection's matter.
  const trust = (input.answer?.missing.length === 0 ? 1 : 0.3) / Math.max(1, silent.length - 1);
  return silent.map(({ service, gone, left }) => {
    const forMs = Math.min(...gone.map(goneMs));
    return finding(context, {
      service,
      gone,
      forMs,
      isPart: left.length > 0,
      strength: trust * (left.length === 0 ? 1 : partStrength),
    });
  });
}

/** One instance of several: the others go on, so it can only be a part of the harm. */
const partStrength = 0.5;

interface Counted {
  readonly gone: readonly PresenceRow[];
  readonly left: readonly PresenceRow[];
}

/** A rollout takes instances away and brings as many: those that did not serve yet a little before. */
function isReplaced({ operations, input }: Context, service: string, { gone, left }: Counted): boolean {
  const slices = input.answer?.slices ?? [];
  const sinceMs = Math.min(...gone.map(lastSignMs)) - overlapMs;
  const old = new Set<string>();
  for (const { service: at, rows } of operations)
    if (at === service)
      for (const { slice, instance } of rows)
        if (slice === 0 || (slices[slice]?.toMs ?? 0) <= sinceMs) old.add(instance);
  return old.size > 0 && left.filter(({ instance }) => !old.has(instance)).length >= gone.length;
}

/** A new instance serves for so long beside the old one before that is taken away. */
const overlapMs = 180_000;

interface Silent {
  readonly service: string;
  readonly gone: readonly PresenceRow[];
  readonly forMs: number;
  /** Others of the service go on. */
  readonly isPart: boolean;
  readonly strength: number;
}

/** A service that is still called, and fails its callers, is down; one that nobody misses is only unseen. */
function finding({ edges }: Context, { service, gone, forMs, isPart, strength }: Silent): Finding {
  const missed = edges.some(({ callee, during }) => callee === service && during.errors > 0);
  return {
    kind: 'blind',
    reason: missed ? 'down' : 'blind',
    service,
    instance: gone.length === 1 ? (gone[0]?.instance ?? '') : '',
    causeKind: missed || isPart ? 'down' : 'blind',
    entity: `service:${service}`,
    strength,
    explainable: 0,
    summary: `no spans, logs or metrics from ${gone.length === 1 && gone[0]?.instance ? gone[0].instance : service} for ${formatSeconds(forMs)}, while others go on sending`,
    before: 'sending',
    during: `silent for ${formatSeconds(forMs)}`,
    look: lookAtPresence(service),
  };
}
