/**
 * Authentication by bearer tokens, which are stored as SHA-256 hashes. A plain hash is enough, because tokens are 256
 * random bits. A slow hash would let anybody who sends wrong tokens block the event loop.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * What a token may do. `source` may send data. Of the others, each may do what those before it may: viewer, responder,
 * admin.
 */
export type Role = 'source' | 'viewer' | 'responder' | 'admin';

const readers: readonly Role[] = ['viewer', 'responder', 'admin'];

/** Whether a token with the role `has` may do what requires the role `needed`. */
export function mayActAs(has: Role, needed: Role): boolean {
  if (needed === 'source') return has === 'source' || has === 'admin';
  return readers.indexOf(has) >= readers.indexOf(needed);
}

export interface Identity {
  /** Name of the token. */
  readonly name: string;
  readonly tenant: string;
  /** Null for a token without a source. */
  readonly source: string | null;
  readonly role: Role;
}

export interface Authenticator {
  /** False when no token is configured. Only loopback is served then. */
  readonly enabled: boolean;
  /** Returns the owner of a token, or null. `bearerToken` extracts the token from a header or gRPC metadata. */
  identify(bearerToken: string | null): Identity | null;
}

const hashPattern = /^sha256:[0-9a-f]{64}$/;

const tokenConfig = z
  .strictObject({
    name: z.string().min(1).describe('Name of the token: who acts with it, in logs and timelines.'),
    hash: z
      .string()
      .regex(hashPattern, '`sha256:` and 64 hex digits; `npm run config -- hash-token` creates a token and its hash')
      .describe('Hash of the token. `npm run config -- hash-token` creates a token and its hash.'),
    role: z
      .enum(['source', 'viewer', 'responder', 'admin'])
      .describe(
        '`source` may only send data. `viewer` may read incidents, the graph and the ledger. `responder` may also acknowledge, resolve, split and so on. `admin` may do everything.',
      ),
    tenant: z
      .string()
      .regex(/^[^/]+$/, 'a name without a slash')
      .default('default')
      .describe('Tenant of the token.'),
    source: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Name of the source that sends with the token. Required for the role `source`.'),
  })
  .refine((token) => token.role !== 'source' || token.source !== null, {
    path: ['source'],
    message: 'a source name, because the role is `source`',
  });

/** The section `auth` of the configuration. */
export const authConfig = z.strictObject({
  tokens: z
    .array(tokenConfig)
    .default([])
    .describe('Accepted tokens. Empty: no authentication, and only loopback addresses are served.'),
});
export type AuthConfig = z.infer<typeof authConfig>;

/** Creates a random token (256 bits) and its hash. The token is shown once and not stored. */
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

/** Compares a token's hash with every configured one, in constant time. */
export function createAuthenticator(config: AuthConfig): Authenticator {
  return {
    enabled: config.tokens.length > 0,
    identify: (token) => {
      if (token === null) return null;
      const hash = Buffer.from(hashToken(token));
      // filter instead of find, because the time must not reveal which token matched.
      const [found] = config.tokens.filter((candidate) => isEqual(hash, Buffer.from(candidate.hash)));
      if (found === undefined) return null;
      const { name, tenant, source, role } = found;
      return { name, tenant, source, role };
    },
  };
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
