/** The sources over HTTP: one Fastify plugin for any set of them. Bodies come as bytes; the sources read them. */
import { bearerToken } from '@faultline/runtime';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { IngestConfig } from './config.ts';
import { bodyLimits, mediaType, type Received, type Receiver } from './receiver.ts';
import type { Problem, Route, Source } from './source.ts';

export interface SourceRoutesOptions {
  readonly sources: readonly Source[];
  readonly receiver: Receiver;
  readonly config: IngestConfig;
}

/** A plugin with a POST route for each path of the sources. Other methods answer 405. */
export function sourceRoutes(options: SourceRoutesOptions): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const source of options.sources) for (const route of source.routes) addRoute(server, source, route, options);
  };
}

function addRoute(server: FastifyInstance, source: Source, route: Route, options: SourceRoutesOptions): void {
  const { receiver } = options;
  server.post(route.path, {
    bodyLimit: bodyLimits(route, options.config).sentBytes,
    handler: async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const headers = singleHeaders(request);
      const token = bearerToken(headers['authorization']);
      return send(reply, await receiver.receive(source, route, { headers, body, token }));
    },
    errorHandler: (error, request, reply) => {
      const { status, problem } = transportProblem(error, route, options.config);
      const contentType = mediaType(request.headers['content-type']);
      // What is left of the body is not read: the connection cannot be used again.
      reply.header('connection', 'close');
      return send(reply, receiver.refuse(source, route, status, problem, contentType));
    },
  });
  server.route({
    method: ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    url: route.path,
    handler: (_request, reply) =>
      reply.code(405).header('allow', 'POST').send({ code: 'INGEST_INVALID', message: 'expected POST' }),
  });
}

/** What Fastify refused before the body was whole. */
function transportProblem(
  error: { statusCode?: number; message: string },
  route: Route,
  config: IngestConfig,
): { status: number; problem: Problem } {
  if (error.statusCode === 413) {
    const reason = `body: expected at most ${bodyLimits(route, config).sentBytes} bytes`;
    return { status: 413, problem: { code: 'INGEST_TOO_LARGE', reason } };
  }
  const status = error.statusCode ?? 400;
  return { status, problem: { code: 'INGEST_MALFORMED', reason: `request: ${error.message}` } };
}

function singleHeaders(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

function send(reply: FastifyReply, { reply: answer, retryAfterMs }: Received): FastifyReply {
  if (retryAfterMs !== null) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer');
  // As bytes, for Fastify would add a charset to the content type of a text, and OTLP clients compare it whole.
  reply.code(answer.status).header('content-type', answer.contentType);
  return reply.send(Buffer.from(answer.body));
}
