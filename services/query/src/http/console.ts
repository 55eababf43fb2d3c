/** Serves the console at `/`. Its pages are paths without a file. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Output of `npm run build` in this checkout. */
const builtConsole = fileURLToPath(new URL('../../../console/dist', import.meta.url));

/** Serves a folder. Null: the console built in this checkout. Empty: nothing. Without a built console `/` says how to build it. */
export function createConsoleRoutes(configured: string | null): FastifyPluginAsync {
  return async (server) => {
    if (configured === '') return;
    const folder = configured ?? builtConsole;
    const indexFile = join(folder, 'index.html');
    if (!existsSync(indexFile)) {
      server.get('/', (_request, reply) =>
        reply
          .code(404)
          .send({ code: 'QUERY_CONSOLE_MISSING', message: 'the console is not built; run `npm run build`' }),
      );
      return;
    }
    const page = readFileSync(indexFile);
    const sendPage = (reply: FastifyReply) =>
      reply
        .headers({ ...securityHeaders, 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(page);
    await server.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      immutable: true,
      maxAge: '365d',
      setHeaders: (reply) => reply.header('x-content-type-options', 'nosniff'),
    });
    for (const path of [
      '/',
      '/incidents/*',
      '/workloads',
      '/workloads/*',
      '/sources',
      '/mapping',
      '/mapping/*',
      '/alerts/*',
    ])
      server.get(path, (_request, reply) => sendPage(reply));
  };
}
