/** A small registry for cases that a real one cannot produce: being down, refusing, responding with nonsense. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRegistry {
  readonly url: string;
  /** How it responds from now on; null for a normal response. */
  failWith(answer: { readonly status: number; readonly body: string } | null): void;
  /** Adds a schema that somebody else registered. */
  add(schema: object): number;
  /** All calls so far. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const schemas: string[] = [];
  const calls: string[] = [];
  let failure: { readonly status: number; readonly body: string } | null = null;
  const idOf = (schema: string): number => {
    if (!schemas.includes(schema)) schemas.push(schema);
    return schemas.indexOf(schema) + 1;
  };
  const answer = (method: string, path: string, body: string): { status: number; body: string } => {
    if (failure !== null) return failure;
    const id = /^\/schemas\/ids\/(\d+)$/.exec(path)?.[1];
    if (method === 'POST') return found({ id: idOf((JSON.parse(body) as { schema: string }).schema) });
    if (id === undefined) return found({ compatibilityLevel: 'FULL_TRANSITIVE' });
    const schema = schemas[Number(id) - 1];
    return schema === undefined ? { status: 404, body: '{"error_code":40403}' } : found({ schema });
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    calls.push(`${request.method} ${request.url}`);
    const { status, body: text } = answer(request.method ?? '', request.url ?? '', body);
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failWith: (next) => {
      failure = next;
    },
    add: (schema) => idOf(JSON.stringify(schema)),
    calls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const found = (body: object) => ({ status: 200, body: JSON.stringify(body) });
