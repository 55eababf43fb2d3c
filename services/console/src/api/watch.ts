/** The live feed. `fetch` rather than EventSource: it can carry a token and tell why it was refused. */
import { ApiError, authHeaders, requireOk } from './client.ts';
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

/** The server says something at least every 15 s; after this long the line is taken for dead. */
const silenceMs = 40_000;
const retryMs = 2000;

/** Follows until `signal` is aborted, resuming where it was; gives up only when the server refuses it. */
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
    headers: authHeaders(),
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
