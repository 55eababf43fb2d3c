/** The live feed. `fetch` instead of EventSource: it reports why the server refused. */
import { ApiError, requireOk } from './client.ts';
import { createEventParser } from './events.ts';
import type { WatchMessage } from './types.ts';

export type Connection =
  | { readonly state: 'connecting' | 'live' }
  | { readonly state: 'lost'; readonly sinceMs: number }
  | { readonly state: 'refused'; readonly message: string };

export interface WatchOptions {
  /** Query of the watch: `view=summary` or `id=...`. */
  readonly query: string;
  readonly onMessage: (message: WatchMessage) => void;
  readonly onConnection: (connection: Connection) => void;
  readonly signal: AbortSignal;
}

/** The server sends something at least every 15 s. After this silence the connection counts as lost. */
const silenceMs = 40_000;
const retryMs = 2000;

/** Follows until `signal` is aborted and resumes after a lost connection. Ends when the server refuses (401 or 403). */
export async function watchIncidents({ query, onMessage, onConnection, signal }: WatchOptions): Promise<void> {
  let resumeToken = '';
  let lostAtMs: number | null = null;
  onConnection({ state: 'connecting' });
  while (!signal.aborted) {
    try {
      await follow(`${query}&resumeToken=${encodeURIComponent(resumeToken)}`, signal, {
        opened: () => {
          lostAtMs = null;
          onConnection({ state: 'live' });
        },
        message: (message) => {
          resumeToken = message.resumeToken || resumeToken;
          onMessage(message);
        },
      });
    } catch (error) {
      if (error instanceof ApiError && (error.httpStatus === 401 || error.httpStatus === 403))
        return onConnection({ state: 'refused', message: error.message });
    }
    if (signal.aborted) return;
    lostAtMs ??= Date.now();
    onConnection({ state: 'lost', sinceMs: lostAtMs });
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

interface Listener {
  opened(): void;
  message(message: WatchMessage): void;
}

async function follow(query: string, signal: AbortSignal, listener: Listener): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const response = await fetch(`/api/v1/incidents:watch?${query}`, {
    signal: AbortSignal.any([signal, silence.signal]),
  });
  const reader = (await requireOk(response)).body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  listener.opened();
  const parser = createEventParser();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      for (const event of parser.push(chunk.value)) listener.message(JSON.parse(event.data) as WatchMessage);
    }
  } finally {
    clearTimeout(timer);
  }
}
