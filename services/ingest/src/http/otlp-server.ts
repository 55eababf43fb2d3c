/** The server of OTLP over HTTP, on a port of its own. */
import { type Authenticator, addBrowserGuard, createPlainServer, type Logger } from '@faultline/runtime';
import type { FastifyInstance } from 'fastify';
import type { IngestConfig } from '../config.ts';
import type { Receiver } from '../receiver.ts';
import { otlp } from '../sources/otlp/index.ts';
import { addCors } from './cors.ts';
import { sourceRoutes } from './routes.ts';

export interface OtlpHttpOptions {
  readonly receiver: Receiver;
  readonly config: IngestConfig;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
}

const requestTimeoutMs = 30_000;

/** Not yet listening. Throws RUNTIME_TLS_UNREADABLE. */
export function createOtlpHttp({ receiver, config, authenticator, logger }: OtlpHttpOptions): FastifyInstance {
  const { tls, cors } = config.otlpHttp;
  const bodyMaxBytes = config.limits.telemetryBodyBytes;
  const server = createPlainServer({ section: 'ingest.otlpHttp', tls, requestTimeoutMs, bodyMaxBytes, logger });
  addBrowserGuard(server, { authenticator, allowedOrigins: cors.allowedOrigins });
  addCors(server, cors);
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      code: 'INGEST_NOT_FOUND',
      message: `nothing at ${request.url.slice(0, 200)}; send to /v1/traces, /v1/metrics or /v1/logs`,
    }),
  );
  server.register(sourceRoutes({ sources: [otlp], receiver, config }));
  return server;
}
