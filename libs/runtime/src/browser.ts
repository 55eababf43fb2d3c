/**
 * Protection from browsers. Without tokens anything that reaches the loopback address may command Faultline, and a browser reaches it on behalf of
 * any page: by a cross-site request (the Origin header tells), or by a name that suddenly resolves to 127.0.0.1 (the Host header tells).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './auth.ts';
import { isLoopback } from './bind.ts';

export interface BrowserGuardOptions {
  readonly authenticator: Pick<Authenticator, 'enabled'>;
  /** Pages that may send here: `https://shop.example`, `https://*.shop.example`, or `*` for every page. Default: none. */
  readonly allowedOrigins?: readonly string[];
}

/** To be added before any route. Sets the security headers of every answer, and refuses what another site's page sends while there are no tokens. */
export function addBrowserGuard(server: FastifyInstance, options: BrowserGuardOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply);
    const reason = options.authenticator.enabled ? null : otherSite(request, options.allowedOrigins ?? []);
    // Answered here, not thrown: the error handlers of the routes have manners of their own.
    return reason === null ? undefined : reply.code(403).send({ code: 'RUNTIME_OTHER_SITE', message: reason });
  });
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** On the raw answer, so that a stream of events has them too. A route may set its own. */
function setSecurityHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
}

/** Why the request is refused as another site's; null when it is not. */
function otherSite({ headers }: FastifyRequest, allowedOrigins: readonly string[]): string | null {
  const { host = '', origin } = headers;
  if (!isLoopback(hostNameOf(host)))
    return 'a request for another host than loopback is refused while there are no tokens; configure auth.tokens';
  if (origin === undefined || isSameSite(origin, host) || isAllowedOrigin(origin, allowedOrigins)) return null;
  return 'a request from a page of another site is refused while there are no tokens';
}

/** The name in a Host header, without port and brackets; empty when it is none. */
export function hostNameOf(host: string): string {
  if (!URL.canParse(`http://${host}`)) return '';
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
}

/** True for a page of this server itself. */
export function isSameSite(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** True when one of the patterns means the origin. A `*` stands for anything within one origin, as in the Collector's `cors` settings. */
export function isAllowedOrigin(origin: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const [head = '', ...rest] = pattern.split('*');
    const tail = rest.at(-1);
    if (tail === undefined) return origin === pattern;
    return (
      rest.length === 1 &&
      origin.length >= head.length + tail.length &&
      origin.startsWith(head) &&
      origin.endsWith(tail)
    );
  });
}
