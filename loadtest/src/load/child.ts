/**
 * Sends load from a process of its own, so that it does not block the event loop under measurement. Talks to its parent
 * by messages.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { spansPerTrace, systemSpans } from './system-spans.ts';
import type { LoadOptions, LoadReply, LoadRequest } from './under-load.ts';

const tracesPerRequest = 125;
/** Maximum requests in flight. At this limit the load waits for Faultline and falls below its rate. */
const maxOpen = 16;

const counts = { accepted: 0, refused: 0 };
let broken: ReadonlySet<number> = new Set();
let open = 0;

async function sendOne(options: LoadOptions, request: number): Promise<void> {
  const { url, tenant, shape } = options;
  open += 1;
  try {
    const body = systemSpans({ shape, request, traces: tracesPerRequest, nowMs: Date.now(), broken });
    const headers = { 'content-type': 'application/x-protobuf', 'x-scope-orgid': tenant };
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.ok) counts.accepted += tracesPerRequest * spansPerTrace;
    else counts.refused += 1;
  } catch {
    counts.refused += 1;
  }
  open -= 1;
}

/** Sends at a steady rate. It does not catch up on missed requests. */
async function run(options: LoadOptions): Promise<never> {
  const everyMs = (1000 * tracesPerRequest * spansPerTrace) / options.spansPerSecond;
  let dueMs = performance.now();
  for (let request = 0; ; request++) {
    dueMs = Math.max(dueMs + everyMs, performance.now() - everyMs);
    await delay(Math.max(0, dueMs - performance.now()));
    if (open < maxOpen) void sendOne(options, request);
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (message: LoadRequest) => {
  if (message.kind === 'start') void run(message.options);
  if (message.kind === 'break') broken = new Set(message.services);
  if (message.kind === 'count') process.send?.({ ...counts } satisfies LoadReply);
});
