/**
 * Watching incidents. A slow reader holds at most one entry for each incident: a newer revision replaces one that was not sent yet. Entries
 * keep the order of the topic, so the token of each message covers everything sent before it.
 */
import type { Incident } from '@faultline/model';
import type { Call } from '../api/call.ts';
import type { Json, StreamMessage } from '../api/operation.ts';
import { unavailable } from '../errors.ts';
import { createFairTurns } from './fair-turns.ts';
import { incidentJson, type View } from './json.ts';
import { PendingRevisions } from './pending.ts';
import type { Held, IncidentReadModel } from './read-model.ts';
import type { WatchIncidentsRequest } from './requests.ts';
import { formatResumeToken, parseResumeToken } from './resume-token.ts';

export interface WatcherOptions {
  readonly readModel: IncidentReadModel;
  readonly limits: WatchLimits;
  /** Aborted when the service stops. All watches end. */
  readonly stopping: AbortSignal;
}

export interface WatchLimits {
  readonly maxWatchers: number;
  readonly maxWatchersPerTenant: number;
}

/** The handler of WatchIncidents. Throws UNAVAILABLE when there are too many watches. */
export function createWatcher({ readModel, limits, stopping }: WatcherOptions) {
  const places = createPlaces(limits);
  const turns = createFairTurns();
  return async function* watch(request: WatchIncidentsRequest, call: Call): AsyncGenerator<StreamMessage> {
    readModel.requireReady();
    const progress = new Map(parseResumeToken(request.resumeToken));
    const release = places.take(call.tenant);
    const pending = new PendingRevisions();
    const wanted = (held: Held) => isWanted(held, request, call.tenant);
    const unlisten = readModel.onChange((held) => wanted(held) && pending.put(held));
    try {
      const isNews = (held: Held) =>
        request.resumeToken === '' ? held.incident !== null : held.offset >= (progress.get(held.partition) ?? 0n);
      for (const held of readModel.positions(call.tenant)) if (wanted(held) && isNews(held)) pending.put(held);
      let saidCaughtUp = false;
      const signal = AbortSignal.any([call.signal, stopping]);
      while (!signal.aborted) {
        await turns.take();
        const held = pending.take();
        if (held !== null) {
          progress.set(held.partition, held.offset + 1n);
          yield messageOf(held, request.view, formatResumeToken(progress));
        } else if (!saidCaughtUp) {
          saidCaughtUp = true;
          yield { own: { resumeToken: formatResumeToken(progress), caughtUp: true }, shared: null };
        } else await pending.next(signal);
      }
    } finally {
      release();
      unlisten();
    }
  };
}

/** Counts watches in all and for each tenant, so that one tenant cannot take the places of the others. */
function createPlaces({ maxWatchers, maxWatchersPerTenant }: WatchLimits) {
  const watches = new Map<string, number>();
  const add = (tenant: string, change: number) => {
    const count = (watches.get(tenant) ?? 0) + change;
    if (count === 0) watches.delete(tenant);
    else watches.set(tenant, count);
  };
  return {
    take: (tenant: string): (() => void) => {
      const all = [...watches.values()].reduce((sum, count) => sum + count, 0);
      const ofTenant = watches.get(tenant) ?? 0;
      if (all >= maxWatchers || ofTenant >= maxWatchersPerTenant)
        throw unavailable(`already ${ofTenant} watches of this tenant and ${all} in all; close one`);
      add(tenant, 1);
      return () => add(tenant, -1);
    },
  };
}

function isWanted(held: Held, request: WatchIncidentsRequest, tenant: string): boolean {
  if (held.tenant !== tenant || (request.id !== '' && held.id !== request.id)) return false;
  return request.id === '' || held.incident === null || held.incident.revision > request.afterRevision;
}

function messageOf({ id, incident }: Held, view: View, resumeToken: string): StreamMessage {
  if (incident === null) return { own: { resumeToken, retiredId: id }, shared: null };
  return { own: { resumeToken }, shared: sharedJson(incident, view) };
}

const shared: Readonly<Record<View, WeakMap<Incident, Json>>> = { full: new WeakMap(), summary: new WeakMap() };

/** The same object for every watcher of a revision. It lives as long as the revision is in memory. */
function sharedJson(incident: Incident, view: View): Json {
  const known = shared[view].get(incident);
  if (known !== undefined) return known;
  const json = { incident: incidentJson(incident, view) };
  shared[view].set(incident, json);
  return json;
}
