import { AppError, type Authenticator, bearerToken, mayActAs, type Role } from '@faultline/runtime';

/** The caller of a request, over HTTP or gRPC. */
export interface Call {
  /** The request reads and changes data of this tenant only. */
  readonly tenant: string;
  /** Name of the token. Null: no tokens are configured, so that nobody is known. */
  readonly tokenName: string | null;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

/** Credentials of a request: HTTP headers or gRPC metadata of the same names. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The tenant. Without authentication it is believed; otherwise it must be the token's. */
  readonly scopeOrgId: string | undefined;
  /** What the token must be at least. */
  readonly role: Role;
}

/**
 * The caller of a request. With authentication: the tenant of its token. Throws QUERY_UNAUTHENTICATED or QUERY_FORBIDDEN. Without
 * authentication: the tenant of `X-Scope-OrgID`, or `default`.
 */
export function identifyCaller(authenticator: Authenticator, credentials: Credentials): Omit<Call, 'signal'> {
  if (!authenticator.enabled) return { tenant: credentials.scopeOrgId || 'default', tokenName: null };
  const token = bearerToken(credentials.authorization);
  const identity = authenticator.identify(token);
  if (identity === null) throw unauthenticated(token !== null);
  if (!mayActAs(identity.role, credentials.role))
    throw new AppError('QUERY_FORBIDDEN', `this needs a token with role ${credentials.role}, not ${identity.role}`, {
      kind: 'permanent',
      httpStatus: 403,
    });
  if (credentials.scopeOrgId !== undefined && credentials.scopeOrgId !== identity.tenant)
    throw new AppError('QUERY_FORBIDDEN', `X-Scope-OrgID: this token is for the tenant ${identity.tenant}`, {
      kind: 'permanent',
      httpStatus: 403,
    });
  return { tenant: identity.tenant, tokenName: identity.name };
}

/**
 * Who acts, for timelines and acceptances. With tokens it is the name of the token: a request may say on behalf of whom, and can
 * name nobody else as the one who acted. Without tokens the request is believed.
 */
export function actorOf({ tokenName }: Pick<Call, 'tokenName'>, named: string): string {
  if (tokenName === null) return named || 'anonymous';
  return named === '' || named === tokenName ? tokenName : `${tokenName} on behalf of ${named}`;
}

function unauthenticated(hasToken: boolean): AppError {
  const message = hasToken ? 'that token is not valid' : 'send an access token as `authorization: Bearer <token>`';
  return new AppError('QUERY_UNAUTHENTICATED', message, { kind: 'permanent', httpStatus: 401 });
}
