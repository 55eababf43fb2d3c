/** A receiver for the webhook channel. It deduplicates by idempotency key, as real receivers do. */
import { createServer } from 'node:http';

export interface Pager {
  readonly url: string;
  /** Distinct pages by incident. A repeated key is one page. */
  readonly keysByIncident: ReadonlyMap<string, ReadonlySet<string>>;
  /** First pages that came again with the same key, as after a kill between sending and recording. */
  readonly repeats: number;
  readonly edits: number;
  /** Page titles by incident. */
  readonly titles: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

interface Body {
  readonly action: string;
  readonly incident: { readonly id: string; readonly title: string };
}

/** Listens on loopback and accepts everything. */
export async function startPager(): Promise<Pager> {
  const keysByIncident = new Map<string, Set<string>>();
  const titles = new Map<string, string>();
  const counts = { repeats: 0, edits: 0 };
  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      note(JSON.parse(Buffer.concat(chunks).toString()) as Body, String(request.headers['idempotency-key']));
      response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
    } catch {
      // The sender was killed during its request.
      response.destroy();
    }
  });
  const note = ({ action, incident }: Body, key: string): void => {
    const keys = keysByIncident.get(incident.id) ?? new Set();
    keysByIncident.set(incident.id, keys);
    titles.set(incident.id, incident.title);
    if (action !== 'send') counts.edits += 1;
    else if (keys.has(key)) counts.repeats += 1;
    else keys.add(key);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    keysByIncident,
    titles,
    get repeats() {
      return counts.repeats;
    },
    get edits() {
      return counts.edits;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
