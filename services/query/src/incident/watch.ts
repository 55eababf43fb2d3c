/**
 * Watching incidents. A watcher that reads slowly holds at most one entry for each incident: a newer revision takes the place of one not
 * yet sent. Entries keep the order of the topic, so that the token of each message names all that was sent before it.
 */
import type { Call } from '../api/call.ts';
import { unavailable } from '../errors.ts';
import type { Held, IncidentBook } from './book.ts';
import { incidentJson } from './json.ts';
import type { WatchIncidentsRequest } from './requests.ts';
import { formatResumeToken, parseResumeToken } from './resume-token.ts';

export interface WatcherOptions {
  readonly book: IncidentBook;
  readonly maxWatchers: number;
  /** Aborted when the service stops: watches end. */
  readonly stopping: AbortSignal;
}

/** The handler of WatchIncidents. */
export function createWatcher({ book, maxWatchers, stopping }: WatcherOptions) {
  let watchers = 0;
  return async function* watch(request: WatchIncidentsRequest, call: Call) {
    book.requireReady();
    const progress = new Map(parseResumeToken(request.resumeToken));
    if (watchers >= maxWatchers) throw unavailable(`already ${maxWatchers} watches; close one`);
    watchers += 1;
    const queue = new Pending();
    const wanted = (held: Held) => isWanted(held, request, call.tenant);
    const unlisten = book.onChange((held) => wanted(held) && queue.put(held));
    try {
      const isNews = (held: Held) =>
        request.resumeToken === '' ? held.incident !== null : held.offset >= (progress.get(held.partition) ?? 0n);
      for (const held of book.positions(call.tenant)) if (wanted(held) && isNews(held)) queue.put(held);
      let toldCaughtUp = false;
      const signal = AbortSignal.any([call.signal, stopping]);
      while (!signal.aborted) {
        const held = queue.take();
        if (held !== null) {
          progress.set(held.partition, held.offset + 1n);
          yield message(held, request, formatResumeToken(progress));
        } else if (!toldCaughtUp) {
          toldCaughtUp = true;
          yield { resumeToken: formatResumeToken(progress), caughtUp: true };
        } else await queue.next(signal);
      }
    } finally {
      watchers -= 1;
      unlisten();
    }
  };
}

function isWanted(held: Held, request: WatchIncidentsRequest, tenant: string): boolean {
  if (held.tenant !== tenant || (request.id !== '' && held.id !== request.id)) return false;
  return request.id === '' || held.incident === null || held.incident.revision > request.afterRevision;
}

function message(held: Held, request: WatchIncidentsRequest, resumeToken: string) {
  if (held.incident === null) return { resumeToken, retiredId: held.id };
  return { resumeToken, incident: incidentJson(held.incident, request.view) };
}

/** What a watcher has not been sent yet: the latest of each incident, in the order of the topic. */
class Pending {
  readonly #entries = new Map<string, Held>();
  #wake: (() => void) | null = null;

  put(held: Held): void {
    this.#entries.delete(held.id);
    this.#entries.set(held.id, held);
    this.#wake?.();
  }

  take(): Held | null {
    const first = this.#entries.values().next();
    if (first.done) return null;
    this.#entries.delete(first.value.id);
    return first.value;
  }

  /** Resolves when there may be something to take, or the signal is aborted. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#entries.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        this.#wake = null;
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#wake = finish;
      signal.addEventListener('abort', finish, { once: true });
    });
  }
}
