/** Signing in a browser. The token goes into a cookie that scripts cannot read and other sites cannot send. */
import { type Authenticator, sessionCookieName } from '@faultline/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identifyCaller } from '../api/call.ts';
import { parseRequest } from '../api/operation.ts';
import { refuseOtherSites } from './origin.ts';

const maxAgeSeconds = 30 * 24 * 3600;
const signInRequest = z.strictObject({ token: z.string().min(1, 'is missing').max(500) });
/** Whoever signs in has no token yet, so the body is small. */
const bodyMaxBytes = 4096;

/** `POST /session` checks a token and sets the cookie. `DELETE /session` removes it. */
export function addSessionRoutes(server: FastifyInstance, prefix: string, authenticator: Authenticator): void {
  server.post(`${prefix}/session`, { bodyLimit: bodyMaxBytes }, (request, reply) => {
    refuseOtherSites(request);
    const { token } = parseRequest(signInRequest, (request.body ?? {}) as Record<string, unknown>);
    const credentials = { authorization: `Bearer ${token}`, scopeOrgId: undefined, role: 'viewer' } as const;
    const { tenant } = identifyCaller(authenticator, credentials);
    return reply.header('set-cookie', cookieOf(request, prefix, token, maxAgeSeconds)).send({ tenant });
  });
  server.delete(`${prefix}/session`, (request, reply) => {
    refuseOtherSites(request);
    return reply.header('set-cookie', cookieOf(request, prefix, '', 0)).send({});
  });
}

function cookieOf(request: FastifyRequest, path: string, token: string, maxAge: number): string {
  const isSecure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const attributes = [
    `Path=${path}`,
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
  ];
  return [`${sessionCookieName}=${encodeURIComponent(token)}`, ...attributes].join('; ');
}
