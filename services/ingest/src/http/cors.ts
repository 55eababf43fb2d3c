/** Cross-origin requests of exporters that run in browsers (fetch.spec.whatwg.org, "CORS protocol"). */
import { isAllowedOrigin } from '@faultline/runtime';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { CorsConfig } from '../config.ts';

/** What exporters send, and the headers of a trace that goes on. */
const usualHeaders = [
  'authorization',
  'content-encoding',
  'content-type',
  'traceparent',
  'tracestate',
  'x-scope-orgid',
];

/** Answers preflights of allowed pages with 204, and lets them read answers. To be added before the routes. */
export function addCors(server: FastifyInstance, cors: CorsConfig): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    // A cache must not give one page the answer that was meant for another.
    reply.header('vary', 'Origin');
    if (origin === undefined || !isAllowedOrigin(origin, cors.allowedOrigins)) return;
    reply.header('access-control-allow-origin', origin);
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
    if (isPreflight) return answerPreflight(reply, cors);
    reply.header('access-control-expose-headers', 'retry-after');
  });
}

function answerPreflight(reply: FastifyReply, { allowedHeaders, maxAgeSeconds }: CorsConfig): FastifyReply {
  return reply
    .headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': [...usualHeaders, ...allowedHeaders].join(', '),
      'access-control-max-age': String(maxAgeSeconds),
    })
    .code(204)
    .send();
}
