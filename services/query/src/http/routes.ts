/** The operations over HTTP, as a Fastify plugin: `/api/v1/...` and its OpenAPI document. */
import { type Authenticator, authorizationOf, type Logger, type Role } from '@faultline/runtime';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type Call, identifyCaller } from '../api/call.ts';
import type { Json, Operation, StreamHandler } from '../api/operation.ts';
import { pathFields } from '../api/operation.ts';
import { roleOf } from '../api/roles.ts';
import { describeApiError } from '../api/status.ts';
import { FieldError } from '../errors.ts';
import { sendEvents } from './events.ts';
import { refuseOtherSites } from './origin.ts';
import { addSessionRoutes } from './session.ts';

export interface RoutesOptions {
  readonly operations: readonly Operation[];
  readonly openApi: object;
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly heartbeatMs: number;
  /** The journal of an incident of this tenant, as a file. */
  readonly exportIncident: (tenant: string, id: string) => Promise<string>;
  /** The draft of an incident's postmortem, in Markdown. Rejects when this tenant has no such incident. */
  readonly postmortemOf: (tenant: string, id: string) => Promise<string>;
}

const prefix = '/api/v1';
const bodyMaxBytes = 1024 * 1024;

/** The API's routes. */
export function createApiRoutes(options: RoutesOptions): FastifyPluginAsync {
  return async (server) => {
    server.setErrorHandler((error, request, reply) => sendError(error, request, reply, options.logger));
    server.get(`${prefix}/openapi.json`, (_request, reply) => reply.send(options.openApi));
    addExport(server, options);
    addPostmortem(server, options);
    addSessionRoutes(server, prefix, options.authenticator);
    for (const operation of options.operations) addRoute(server, operation, options);
  };
}

/** Over HTTP only, because it is a file. It holds the original input, so it is for administrators. */
function addExport(server: FastifyInstance, { authenticator, exportIncident }: RoutesOptions): void {
  server.get<{ Params: { id: string } }>(`${prefix}/incidents/:id/export`, async (request, reply) => {
    const { tenant } = callOf(request, reply, { authenticator, role: 'admin' });
    const file = await exportIncident(tenant, request.params.id);
    const name = `incident-${request.params.id.replace(/[^\w-]/g, '_')}.jsonl`;
    return reply
      .header('content-disposition', `attachment; filename="${name}"`)
      .type('application/x-ndjson')
      .send(file);
  });
}

/** Over HTTP only, because it is a text. */
function addPostmortem(server: FastifyInstance, { authenticator, postmortemOf }: RoutesOptions): void {
  server.get<{ Params: { id: string } }>(`${prefix}/incidents/:id/postmortem`, async (request, reply) => {
    const { tenant } = callOf(request, reply, { authenticator, role: 'viewer' });
    return reply.type('text/markdown; charset=utf-8').send(await postmortemOf(tenant, request.params.id));
  });
}

function addRoute(server: FastifyInstance, operation: Operation, options: RoutesOptions): void {
  const { handler } = operation;
  const role = roleOf(operation);
  server.route({
    method: operation.verb,
    url: routeOf(operation),
    bodyLimit: bodyMaxBytes,
    // Before the body is read: a stranger's body takes no memory.
    onRequest: async (request) => {
      refuseOtherSites(request);
      callerOf(request, { authenticator: options.authenticator, role });
    },
    handler: async (request, reply) => {
      const call = callOf(request, reply, { authenticator: options.authenticator, role });
      const json = requestOf(operation, request);
      if (handler.kind === 'unary') return reply.send(await handler.handle(json, call));
      return sendStream({ handler, json, call, request, reply, options });
    },
  });
}

/** Fastify's notation: `{id}` becomes `:id`, and a literal colon is doubled. */
export function routeOf({ path }: Pick<Operation, 'path'>): string {
  return prefix + path.replaceAll(':', '::').replace(/\{(\w+)\}/g, ':$1');
}

/** The fields of a request from path, query and body. A field of the path must not appear again. */
function requestOf(operation: Operation, request: FastifyRequest): Json {
  const body = request.body ?? {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new FieldError('body', 'must be a JSON object');
  const given = operation.verb === 'GET' ? (request.query as Json) : (body as Json);
  const fromPath = pathFields(operation);
  const twice = fromPath.find((field) => field in given);
  if (twice !== undefined) throw new FieldError(twice, 'is in the path already');
  return { ...given, ...(request.params as Json) };
}

interface CallOptions {
  readonly authenticator: Authenticator;
  readonly role: Role;
}

function callOf(request: FastifyRequest, reply: FastifyReply, options: CallOptions): Call {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return { ...callerOf(request, options), signal: controller.signal };
}

function callerOf(request: FastifyRequest, { authenticator, role }: CallOptions): Omit<Call, 'signal'> {
  const scopeOrgId = request.headers['x-scope-orgid'];
  return identifyCaller(authenticator, {
    authorization: authorizationOf(request.headers),
    scopeOrgId: Array.isArray(scopeOrgId) ? scopeOrgId[0] : scopeOrgId,
    role,
  });
}

interface StreamParts {
  readonly handler: StreamHandler;
  readonly json: Json;
  readonly call: Call;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: RoutesOptions;
}

async function sendStream({ handler, json, call, request, reply, options }: StreamParts): Promise<FastifyReply> {
  const lastEventId = request.headers['last-event-id'];
  const resumed = typeof lastEventId === 'string' && lastEventId !== '' ? { ...json, resumeToken: lastEventId } : json;
  const messages = handler.handle(resumed, call)[Symbol.asyncIterator]();
  // Awaited before the headers are sent, so that an error still gets an HTTP status.
  const first = await messages.next();
  reply.hijack();
  await sendEvents({ raw: reply.raw, first, messages, signal: call.signal, heartbeatMs: options.heartbeatMs });
  return reply;
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const { httpStatus, status, code, message, field } = describeApiError(error);
  if (httpStatus === 503) reply.header('retry-after', '2');
  if (httpStatus === 401) reply.header('www-authenticate', 'Bearer');
  if (httpStatus >= 500 && status === 'INTERNAL')
    logger.error('request failed', {
      path: request.url.split('?', 1)[0] ?? '',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  return reply.code(httpStatus).send({ status, code, message, ...(field === null ? {} : { field }) });
}
