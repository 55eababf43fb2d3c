/**
 * What the console's sources page asks of ingest: the catalogue of sources, bodies that came, a trial of a mapping, and a test alert. The test
 * goes by the same door as every body: token, limits, mapping and log.
 */
import { type Authenticator, authorizationOf, bearerToken, isSameSite, mayActAs, type Role } from '@faultline/runtime';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { IngestConfig } from '../config.ts';
import type { MappingEvaluator } from '../mapping/evaluator.ts';
import { tryMapping } from '../mapping/try-mapping.ts';
import type { Receiver } from '../receiver.ts';
import type { SourceDefinition } from '../source-definition.ts';
import type { KeptPayloads } from './kept-payloads.ts';
import { testAlertBody } from './test-alert.ts';
import { triedJson } from './tried-json.ts';

export interface SourceApiOptions {
  readonly sources: readonly SourceDefinition[];
  readonly config: IngestConfig;
  readonly mappings: MappingEvaluator;
  readonly payloads: KeptPayloads;
  readonly receiver: Receiver;
  readonly authenticator: Authenticator;
  readonly clock: () => number;
  readonly uniqueId: () => string;
}

const prefix = '/api/v1/sources';

const trialRequest = z.strictObject({
  source: z.string().max(100).default('trial'),
  expression: z
    .string()
    .min(1)
    .max(64 * 1024)
    .nullable()
    .default(null),
  body: z
    .string()
    .min(1, 'expected the body as text')
    .max(256 * 1024),
  headers: z.record(z.string().max(100), z.string().max(1000)).default({}),
});

export function sourceApi(options: SourceApiOptions): FastifyPluginAsync {
  const { sources, config, payloads, mappings, clock } = options;
  return async (server) => {
    // A mapping of the configuration may say what a company runs.
    server.get(prefix, (request, reply) => {
      const caller = allow(request, reply, options, 'viewer');
      if (caller === null) return reply;
      const shown = sources.map((source) => describe(source, caller.role));
      return reply.send({ sources: shown, keepsPayloads: config.keptPayloadBytes > 0 });
    });
    server.get(`${prefix}/payloads`, (request, reply) => {
      const caller = allow(request, reply, options, 'admin');
      if (caller === null) return reply;
      const source = String(Object(request.query)['source'] ?? '');
      return reply.send({ payloads: payloads.list(caller.tenant, source).map(payloadJson) });
    });
    server.post(`${prefix}/try-mapping`, async (request, reply) => {
      if (allow(request, reply, options, 'admin') === null) return reply;
      const parsed = trialRequest.safeParse(request.body ?? {});
      if (!parsed.success) return reply.code(400).send({ code: 'INGEST_INVALID', message: issueText(parsed.error) });
      const { body, headers, ...trial } = parsed.data;
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const tried = await tryMapping(
        { ...trial, body: Buffer.from(body), headers: lowerCase, receivedAtMs: clock() },
        config,
        mappings,
      );
      return reply.send(triedJson(tried));
    });
    server.post(`${prefix}/test`, async (request, reply) => {
      const caller = allow(request, reply, options, 'admin');
      return caller === null ? reply : sendTest(request, reply, caller, options);
    });
  };
}

interface Caller {
  readonly tenant: string;
  readonly token: string | null;
  readonly role: Role;
}

/** Null: the answer says why. A cookie counts as the token of its form, for the console's scripts cannot read it. */
function allow(request: FastifyRequest, reply: FastifyReply, options: SourceApiOptions, role: Role): Caller | null {
  const { authenticator, config } = options;
  const { origin, host = '' } = request.headers;
  const refuse = (status: number, code: string, message: string) => {
    reply.code(status).send({ code, message });
    return null;
  };
  if (request.method !== 'GET' && origin !== undefined && !isSameSite(origin, host))
    return refuse(403, 'INGEST_FORBIDDEN', 'commands from a page of another site are refused');
  if (!authenticator.enabled) return { tenant: config.defaultTenant, token: null, role: 'admin' };
  const token = bearerToken(authorizationOf(request.headers));
  const identity = authenticator.identify(token);
  if (identity === null) return refuse(401, 'INGEST_UNAUTHENTICATED', 'expected an access token');
  if (!mayActAs(identity.role, role))
    return refuse(403, 'INGEST_FORBIDDEN', `this needs a token with role ${role}, not ${identity.role}`);
  return { tenant: identity.tenant, token, role: identity.role };
}

async function sendTest(request: FastifyRequest, reply: FastifyReply, caller: Caller, options: SourceApiOptions) {
  const { sources, receiver, uniqueId } = options;
  const source = sources.find(({ name }) => name === 'json');
  const route = source?.routes[0];
  if (source === undefined || route === undefined)
    return reply.code(409).send({ code: 'INGEST_INVALID', message: 'the source json is replaced by a mapping' });
  const id = uniqueId().replaceAll('-', '').slice(0, 8);
  const body = Buffer.from(testAlertBody(id, ''));
  const received = await receiver.receive(source, route, {
    headers: { 'content-type': 'application/json' },
    body: { open: async () => ({ declaredBytes: body.length, encoding: undefined, pieces: piecesOf(body) }) },
    connection: request.raw.socket,
    token: caller.token,
  });
  const { status } = received.reply;
  if (status >= 300)
    return reply.code(status).send({ code: received.problem?.code, message: received.problem?.reason });
  return reply.send({ service: `faultline-test-${id}`, door: route.path, status });
}

async function* piecesOf(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}

/** An expression may hold a secret, such as a token that it compares. A viewer gets an empty one. */
function describe({ name, title, kinds, routes, docs, expression }: SourceDefinition, role: Role) {
  const { summary, setup, snippet } = docs;
  return {
    name,
    title,
    kinds,
    paths: routes.map(({ path }) => path),
    summary,
    setup,
    snippet: snippet?.text ?? '',
    expression: mayActAs(role, 'responder') ? (expression ?? '') : '',
  };
}

function payloadJson({ receivedAtMs, ...payload }: ReturnType<KeptPayloads['list']>[number]) {
  return { ...payload, receivedAt: new Date(receivedAtMs).toISOString() };
}

function issueText({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'is not valid'}`;
}
