/** Server-sent events (WHATWG HTML, section 9.2). */
import type { ServerResponse } from 'node:http';
import { messageBytes } from '../api/encode-once.ts';
import type { StreamMessage } from '../api/operation.ts';

export interface EventsOptions {
  readonly raw: ServerResponse;
  readonly first: IteratorResult<StreamMessage>;
  readonly messages: AsyncIterator<StreamMessage>;
  readonly signal: AbortSignal;
  readonly heartbeatMs: number;
}

/** Sends each message as an event with its resume token as the id. A quiet stream gets comments. Ends with the messages or the caller. */
export async function sendEvents({ raw, first, messages, signal, heartbeatMs }: EventsOptions): Promise<void> {
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // A stream ends when the service stops. Its connection must not stay open for another request.
    connection: 'close',
  });
  const heartbeat = setInterval(() => raw.write(':\n\n'), heartbeatMs);
  try {
    for (let next = first; !next.done && !signal.aborted; next = await messages.next()) {
      if (!raw.write(eventBytes(next.value))) await drained(raw, signal);
    }
  } finally {
    clearInterval(heartbeat);
    await messages.return?.();
    raw.end();
  }
}

/** One event. JSON has no line breaks, so `data` is one line. */
function eventBytes(message: StreamMessage): Buffer {
  const head = Buffer.from(`id: ${message.own['resumeToken']}\ndata: `);
  return Buffer.concat([head, ...messageBytes(message), emptyLine]);
}

const emptyLine = Buffer.from('\n\n');

function drained(raw: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    raw.once('drain', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
