/** Watches incidents as the console does, and notes when each alert is first in a revision. */
export interface RevisionWatch {
  /** `performance.now()` of the first revision with the alert, by fingerprint. */
  readonly seenAt: ReadonlyMap<string, number>;
  stop(): void;
}

interface Revision {
  readonly incident?: { readonly alerts: readonly { readonly fingerprint: string }[] };
}

/** Resolves when the watch is open. */
export async function watchRevisions(http: string, tenant: string): Promise<RevisionWatch> {
  const seenAt = new Map<string, number>();
  const stopping = new AbortController();
  const body = await openWatch(http, tenant, stopping.signal);
  void readEvents(body, (data) => {
    const now = performance.now();
    for (const { fingerprint } of (JSON.parse(data) as Revision).incident?.alerts ?? [])
      if (!seenAt.has(fingerprint)) seenAt.set(fingerprint, now);
  });
  return { seenAt, stop: () => stopping.abort() };
}

/** Opens watches that read and ignore everything. Returns the function that ends them. */
export async function openWatches(http: string, tenant: string, count: number): Promise<() => void> {
  const stopping = new AbortController();
  const bodies = await Promise.all(Array.from({ length: count }, () => openWatch(http, tenant, stopping.signal)));
  for (const body of bodies) void readEvents(body, () => {});
  return () => stopping.abort();
}

async function openWatch(http: string, tenant: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${http}/api/v1/incidents:watch`, { headers: { 'x-scope-orgid': tenant }, signal });
  if (!response.ok || response.body === null) throw new Error(`a watch was answered ${response.status}`);
  return response.body;
}

/** Server-sent events: `data: {...}` and an empty line. Ends when the watch does. */
async function readEvents(body: ReadableStream<Uint8Array>, onData: (data: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) onData(line.slice('data:'.length));
    }
  } catch {
    // Stopped, or the connection ended.
  }
}
