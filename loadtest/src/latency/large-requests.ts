/** One OTLP request after another, each near the largest that is accepted by default. */
import { systemSpans } from '../load/system-spans.ts';
import { system } from '../load/under-load.ts';

/** About 15 MB. */
const traces = 7_000;
const pauseMs = 1_000;

/** Returns the function that ends them. */
export function startLargeRequests(url: string, tenant: string): () => void {
  const stopping = new AbortController();
  const headers = { 'content-type': 'application/x-protobuf', 'x-scope-orgid': tenant };
  const nowMs = Date.now();
  const body = systemSpans({ shape: system, request: 0, traces, nowMs, broken: new Set() });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: stopping.signal }).catch(() => null);
      await answer?.arrayBuffer().catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  void loop();
  return () => stopping.abort();
}
