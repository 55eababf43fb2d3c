/** Sends requests to one receiver of alerts, and measures its answers. */

export interface Sent {
  readonly latenciesMs: number[];
  /** Answers other than success. A request is sent again until it is taken. */
  refused: number;
}

const mostTries = 50;

/** Posts a body until it is taken. Throws after many tries. */
export async function postAlerts(url: string, body: unknown, sent: Sent): Promise<void> {
  const text = JSON.stringify(body);
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const startedAt = performance.now();
    const response = await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json' } });
    await response.arrayBuffer();
    if (response.ok) {
      sent.latenciesMs.push(performance.now() - startedAt);
      return;
    }
    sent.refused += 1;
    await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? '1') * 1000));
  }
  throw new Error(`${url} refused a batch ${mostTries} times`);
}

/** Runs `work` for 0 to `count - 1`, so many at once. */
export async function inParallel(count: number, concurrent: number, work: (index: number) => Promise<void>) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrent }, worker));
}
