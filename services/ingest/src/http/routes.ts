/** The sources over HTTP: one Fastify plugin for any set of them. Bodies stay streams until the sender is known; the sources read them. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type TokenPlace, tokenOf } from '../authentication/token.ts';
import { acceptedEncodings } from '../body/decompress.ts';
import type { BodySource } from '../body/read.ts';
import type { IngestConfig } from '../config.ts';
import { isJsonObject } from '../field.ts';
import { bodyLimits } from '../receive/admit.ts';
import { type Incoming, mediaType, type Received } from '../receive/call.ts';
import type { Receiver } from '../receiver.ts';
import type { Problem, Route, Source } from '../source.ts';

export interface SourceRoutesOptions {
  readonly sources: readonly Source[];
  readonly receiver: Receiver;
  readonly config: IngestConfig;
}

/** A plugin with a POST route for each path of the sources. Other methods answer 405. */
export function sourceRoutes(options: SourceRoutesOptions): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    for (const source of options.sources) {
      for (const route of source.routes) addRoute(server, source, route, options);
      addPages(server, source);
    }
  };
}

function addRoute(server: FastifyInstance, source: Source, route: Route, options: SourceRoutesOptions): void {
  const { receiver, config } = options;
  const maxBytes = bodyLimits(route, config).sentBytes;
  server.post(route.path, {
    handler: async (request, reply) => {
      const received = await receiver.receive(source, route, incomingOf(request, route.tokenPlaces));
      if (!canDiscard(request, maxBytes)) reply.header('connection', 'close');
      return send(reply, received);
    },
    errorHandler: (error, request, reply) => {
      const contentType = mediaType(request.headers['content-type']);
      const problem: Problem = { code: 'INGEST_MALFORMED', reason: `request: ${error.message}` };
      reply.header('connection', 'close');
      return send(reply, receiver.refuse({ source, route, contentType }, error.statusCode ?? 400, problem));
    },
  });
  server.route({
    method: ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    url: route.path,
    handler: (_request, reply) =>
      reply.code(405).header('allow', 'POST').send({ code: 'INGEST_INVALID', message: 'expected POST' }),
  });
}

function addPages(server: FastifyInstance, { pages = [] }: Source): void {
  for (const { method = 'GET', path: url, status = 200, json } of pages)
    server.route({ method, url, handler: (_request, reply) => reply.code(status).send(json) });
}

const bearerOnly: readonly TokenPlace[] = ['bearer'];

function incomingOf(request: FastifyRequest, places: readonly TokenPlace[] = bearerOnly): Incoming {
  const headers = singleHeaders(request);
  return {
    headers,
    body: bodyOf(request, headers),
    parameters: parametersOf(request),
    token: tokenOf({ headers, query: queryOf(request) }, places),
    connection: request.raw.socket,
  };
}

function queryOf({ query }: FastifyRequest): Readonly<Record<string, unknown>> {
  return isJsonObject(query) ? query : {};
}

function parametersOf(request: FastifyRequest): Record<string, string> {
  const { token: _token, ...query } = queryOf(request);
  const all = { ...query, ...(isJsonObject(request.params) ? request.params : {}) };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
}

function bodyOf({ raw }: FastifyRequest, headers: Readonly<Record<string, string>>): BodySource {
  return {
    open: async () => ({
      declaredBytes: declaredBytes(headers),
      encoding: headers['content-encoding'],
      // The connection outlives the body: it has to carry the answer.
      pieces: raw.iterator({ destroyOnReturn: false }),
    }),
  };
}

/** Node refuses a Content-Length that is no number, and one beside a Transfer-Encoding. */
function declaredBytes(headers: Readonly<Record<string, string>>): number | null {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  return headers['transfer-encoding'] === undefined ? 0 : null;
}

/** Node discards what is left of a refused body, so that the connection can be used again. Not worth it when that may be a lot. */
function canDiscard({ raw }: FastifyRequest, maxBytes: number): boolean {
  return raw.complete || Number(raw.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= maxBytes;
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
  if (answer.status === 415) reply.header('accept-encoding', acceptedEncodings);
  reply.headers(answer.headers ?? {});
  // As bytes, for Fastify would add a charset to the content type of a text, and OTLP clients compare it whole.
  reply.code(answer.status).header('content-type', answer.contentType);
  return reply.send(Buffer.from(answer.body));
}
