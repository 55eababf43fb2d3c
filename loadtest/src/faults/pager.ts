/** A pager at the other end of the webhook channel: it keeps what it was sent, by idempotency key, as such receivers do. */
import { createServer } from 'node:http';

export interface Pager {
  readonly url: string;
  /** Distinct pages by incident: a key seen twice is one page. */
  readonly keysByIncident: ReadonlyMap<string, ReadonlySet<string>>;
  close(): Promise<void>;
}

/** Listens on loopback and accepts everything. */
export async function startPager(): Promise<Pager> {
  const keysByIncident = new Map<string, Set<string>>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { action: string; incident: { id: string } };
    const keys = keysByIncident.get(body.incident.id) ?? new Set();
    if (body.action === 'send') keys.add(String(request.headers['idempotency-key']));
    keysByIncident.set(body.incident.id, keys);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    keysByIncident,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
