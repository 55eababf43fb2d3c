/**
 * Protection from requests that browsers send on behalf of other sites. Without tokens, whatever reaches the loopback
 * address may command Faultline. A browser reaches it for any page in two ways: by a cross-site request (see the Origin
 * header), or by a name that resolves to 127.0.0.1 (see the Host header).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './auth.ts';
import { isLoopback } from './bind.ts';

export interface BrowserGuardOptions {
  readonly authenticator: Pick<Authenticator, 'enabled'>;
  /**
   * Sites whose pages may send here: `https://shop.example`, `https://*.shop.example`, or `*` for all. Default: none.
   */
  readonly allowedOrigins?: readonly string[];
}

/**
 * Add it before any route. Sets the security headers of every response. Refuses requests of other sites' pages while no
 * token is configured.
 */
export function addBrowserGuard(server: FastifyInstance, options: BrowserGuardOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply);
    const reason = options.authenticator.enabled ? null : otherSite(request, options.allowedOrigins ?? []);
    // Sent here instead of thrown, because routes have error handlers of their own.
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

/** On the raw response, so that event streams have them too. A route may set its own. */
function setSecurityHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
}

/** Why the request is refused; null when it is not. */
function otherSite({ headers }: FastifyRequest, allowedOrigins: readonly string[]): string | null {
  const { host = '', origin } = headers;
  if (!isLoopback(hostNameOf(host)))
    return 'a request for another host than loopback is refused while there are no tokens; configure auth.tokens';
  if (origin === undefined || isSameSite(origin, host) || isAllowedOrigin(origin, allowedOrigins)) return null;
  return 'a request from a page of another site is refused while there are no tokens';
}

/** The host name in a Host header, without port and brackets; empty when there is none. */
export function hostNameOf(host: string): string {
  if (!URL.canParse(`http://${host}`)) return '';
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
}

/** Whether the origin is this server itself. */
export function isSameSite(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/**
 * Whether one of the patterns matches the origin. `*` stands for any text within one origin, like in the OpenTelemetry
 * Collector's `cors` settings.
 */
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
