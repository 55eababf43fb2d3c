/**
 * The HTTP server of a process. Services register their plugins on it. It adds health, metrics and a uniform error
 * format.
 */
import { Server as TlsServer } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Authenticator, bearerToken, type Identity, mayActAs } from './auth.ts';
import { bindError, checkBindAddress } from './bind.ts';
import { addBrowserGuard } from './browser.ts';
import { AppError } from './error.ts';
import type { Health } from './health.ts';
import type { Logger } from './log.ts';
import { followCertificates, readServerTls, type ServerTls, type TlsConfig, tlsConfig } from './tls.ts';

/** The section `http` of the configuration. */
export const httpConfig = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. A non-loopback address requires `auth.tokens`.'),
  port: z
    .int()
    .min(0)
    .max(65535)
    .default(8080)
    .describe('Port of the console, the API, sources, health and metrics. 0: any free port.'),
  bodyMaxBytes: z
    .int()
    .min(1024)
    .default(8 * 1024 * 1024)
    .describe('Largest request body, in bytes. A route may have its own limit.'),
  requestTimeoutMs: z
    .int()
    .min(100)
    .default(30_000)
    .describe('How long a sender may take to send a complete request, ms.'),
  tls: tlsConfig,
});
export type HttpConfig = z.infer<typeof httpConfig>;

export interface HttpServerOptions {
  readonly config: HttpConfig;
  readonly logger: Logger;
  readonly health: Health;
  readonly authenticator: Authenticator;
  /** The text of /metrics, from `startTelemetry`. Without it there is no /metrics. */
  readonly metricsText?: () => Promise<string>;
  /** False until everything has started, and again once stopping begins. Default: always ready. */
  readonly isReady?: () => boolean;
}

const retryAfterSeconds = '5';

/** Creates a server that does not listen yet. Throws RUNTIME_TLS_UNREADABLE. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { config, logger, authenticator } = options;
  const server = createPlainServer({
    section: 'http',
    tls: config.tls,
    requestTimeoutMs: config.requestTimeoutMs,
    bodyMaxBytes: config.bodyMaxBytes,
    logger,
  });
  addBrowserGuard(server, { authenticator });
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, logger));
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'RUNTIME_NOT_FOUND', message: `nothing at ${request.method} ${pathOf(request)}` }),
  );
  addOwnRoutes(server, options);
  return server;
}

export interface PlainServerOptions {
  /** The configuration section, which messages name. */
  readonly section: string;
  readonly tls: TlsConfig;
  readonly requestTimeoutMs: number;
  /** Largest body, in bytes. A route may have its own limit. */
  readonly bodyMaxBytes: number;
  readonly logger: Logger;
}

/**
 * Creates a server without routes, for HTTP or HTTPS; changed certificates are reloaded. Extra slashes in or after a
 * path are ignored. Throws RUNTIME_TLS_UNREADABLE.
 */
export function createPlainServer(options: PlainServerOptions): FastifyInstance {
  const { section, tls, logger } = options;
  const https: { https: ServerTls } | object = tls === null ? {} : { https: readServerTls({ section, tls }) };
  const server: FastifyInstance = Fastify({
    ...https,
    bodyLimit: options.bodyMaxBytes,
    requestTimeout: options.requestTimeoutMs,
    forceCloseConnections: 'idle',
    // An address that cannot be decoded reaches no error handler.
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply, logger),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
  if (tls === null) return server;
  const secure: unknown = server.server;
  if (!(secure instanceof TlsServer)) return server;
  const following = followCertificates(secure, { section, tls }, logger);
  server.addHook('onClose', async () => following.stop());
  return server;
}

function addOwnRoutes(server: FastifyInstance, options: HttpServerOptions): void {
  const { health, authenticator, metricsText, isReady } = options;
  const mayReadDetails = (request: FastifyRequest) =>
    !authenticator.enabled || identifyRequest(request, authenticator) !== null;
  server.get('/healthz', (request, reply) => {
    const report = health.report();
    return reply.send(mayReadDetails(request) ? report : { ok: report.ok });
  });
  server.get('/readyz', (_request, reply) => {
    // Readiness ignores the health report: a pager that is down must not take the intake of alerts out of service.
    const ready = isReady?.() ?? true;
    reply.code(ready ? 200 : 503);
    return reply.send({ ready });
  });
  if (metricsText === undefined) return;
  server.get('/metrics', { onRequest: requireIdentity(authenticator) }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText()),
  );
}

/** The sender of a request; null without a token or with an unknown one. */
export function identifyRequest(request: FastifyRequest, authenticator: Authenticator): Identity | null {
  return authenticator.identify(bearerToken(request.headers.authorization));
}

/**
 * An `onRequest` hook that only accepts known tokens: 401 without one, 403 when `role` is given and the token has
 * another. Accepts everything while authentication is off.
 */
export function requireIdentity(authenticator: Authenticator, role?: Identity['role']) {
  return async (request: FastifyRequest): Promise<void> => {
    if (!authenticator.enabled) return;
    const identity = identifyRequest(request, authenticator);
    if (identity === null)
      throw new AppError('RUNTIME_UNAUTHENTICATED', 'send a configured token as `authorization: Bearer <token>`', {
        kind: 'permanent',
        httpStatus: 401,
      });
    if (role !== undefined && !mayActAs(identity.role, role))
      throw new AppError('RUNTIME_FORBIDDEN', `this requires a token with the role ${role}`, {
        kind: 'permanent',
        httpStatus: 403,
      });
  };
}

/** The URL that a server with this configuration will have. With port 0 it is not known before listening. */
export function httpUrlOf({ host, port, tls }: Pick<HttpConfig, 'host' | 'port' | 'tls'>): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === null ? 'http' : 'https'}://${name}:${port}`;
}

/**
 * Listens as configured and returns the URL. Rejects with RUNTIME_OPEN_ADDRESS, RUNTIME_ADDRESS_IN_USE or
 * RUNTIME_ADDRESS_REFUSED.
 */
export async function listen(
  server: FastifyInstance,
  { config, authenticator }: Pick<HttpServerOptions, 'config' | 'authenticator'>,
): Promise<string> {
  const address = { section: 'http', host: config.host, port: config.port };
  checkBindAddress(address, authenticator);
  try {
    return await server.listen({ host: config.host, port: config.port });
  } catch (error) {
    throw bindError(error, address);
  }
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const { status, code, message } = describeHttpError(error);
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 500)
    logger.error('request failed', {
      method: request.method,
      path: pathOf(request),
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  return reply.code(status).send({ code, message });
}

export interface HttpErrorResponse {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Translates an error into a response. Unknown errors become RUNTIME_INTERNAL without details. */
export function describeHttpError(error: unknown): HttpErrorResponse {
  if (error instanceof AppError) return { status: error.httpStatus, code: error.code, message: error.message };
  const { statusCode, message } = (error ?? {}) as { statusCode?: number; message?: string };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: 'RUNTIME_BAD_REQUEST', message: message ?? 'the request cannot be read' };
  return { status: 500, code: 'RUNTIME_INTERNAL', message: 'an internal error of Faultline; its log has the details' };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
