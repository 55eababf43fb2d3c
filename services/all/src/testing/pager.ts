/** A stub of a pager on loopback. It keeps the webhook pages in order. */
import { createServer } from 'node:http';

export interface Page {
  readonly action: 'send' | 'edit';
  readonly reason: string;
  readonly page: { readonly headline: string; readonly text: string; readonly link: string };
  readonly incident: { readonly id: string; readonly status: string; readonly resolution: string | null };
}

export interface Pager {
  readonly url: string;
  readonly pages: readonly Page[];
  close(): Promise<void>;
}

export async function startPager(): Promise<Pager> {
  const pages: Page[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    pages.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    pages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
