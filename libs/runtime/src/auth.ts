/**
 * Who may speak to Faultline: bearer tokens, kept as SHA-256 hashes. A plain hash is enough because tokens are 256 random bits; a slow hash
 * would let anybody who sends wrong tokens hold up the event loop.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a token may do. `source` sends; each of the others may do what those before it may: viewer, responder, admin. */
export type Role = 'source' | 'viewer' | 'responder' | 'admin';

const readers: readonly Role[] = ['viewer', 'responder', 'admin'];

/** True when a token with role `has` may do what needs the role `needed`. */
export function mayActAs(has: Role, needed: Role): boolean {
  if (needed === 'source') return has === 'source' || has === 'admin';
  return readers.indexOf(has) >= readers.indexOf(needed);
}

export interface Identity {
  readonly tenant: string;
  /** Null for a token that is not of a source. */
  readonly source: string | null;
  readonly role: Role;
}

export interface Authenticator {
  /** False: no token is configured, and only loopback is served. */
  readonly enabled: boolean;
  /** Who a token belongs to, or null. Takes the token itself; `bearerToken` cuts it from a header or from gRPC metadata. */
  identify(bearerToken: string | null): Identity | null;
}

const hashPattern = /^sha256:[0-9a-f]{64}$/;

const tokenConfig = z
  .strictObject({
    name: z.string().min(1).describe('What the token is called in logs.'),
    hash: z
      .string()
      .regex(hashPattern, '`sha256:` and 64 hex digits; `npm run config -- hash-token` makes a token and its hash')
      .describe('The hash of the token; `npm run config -- hash-token` makes a token and its hash.'),
    role: z
      .enum(['source', 'viewer', 'responder', 'admin'])
      .describe(
        '`source` may only send; `viewer` may read incidents, the graph and the ledger; `responder` may also acknowledge, resolve, split and so on; `admin` may do everything.',
      ),
    tenant: z
      .string()
      .regex(/^[^/]+$/, 'a name without a slash')
      .default('default')
      .describe('The tenant that the token belongs to.'),
    source: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The source that it sends for. Needed for role `source`.'),
  })
  .refine((token) => token.role !== 'source' || token.source !== null, {
    path: ['source'],
    message: 'a source name, as the role is `source`',
  });

/** The `auth` section. */
export const authConfig = z.strictObject({
  tokens: z.array(tokenConfig).default([]).describe('Tokens that are let in. Empty: no authentication, loopback only.'),
});
export type AuthConfig = z.infer<typeof authConfig>;

/** A new random token (256 bits) and its hash. The token is shown once and kept nowhere. */
export function createToken(): { readonly token: string; readonly hash: string } {
  const token = `flt_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

/** The hash under which a token is configured. */
export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/** The token of an `authorization` header or gRPC metadata value; null when there is none. */
export function bearerToken(authorization: string | undefined): string | null {
  const match = /^bearer +(\S+)$/i.exec(authorization ?? '');
  return match?.[1] ?? null;
}

/** Looks a token up by comparing its hash with every configured one, in constant time. */
export function createAuthenticator(config: AuthConfig): Authenticator {
  return {
    enabled: config.tokens.length > 0,
    identify: (token) => {
      if (token === null) return null;
      const hash = Buffer.from(hashToken(token));
      // filter, not find: the time taken must not tell which token came close.
      const [found] = config.tokens.filter((candidate) => isEqual(hash, Buffer.from(candidate.hash)));
      return found === undefined ? null : { tenant: found.tenant, source: found.source, role: found.role };
    },
  };
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
