import { AppError, type Authenticator, bearerToken, mayActAs, type Role } from '@faultline/runtime';

/** On whose behalf a request is answered, whichever way it came. */
export interface Call {
  /** Only what belongs to this tenant is seen or touched. */
  readonly tenant: string;
  /** Who acts when the request does not say. */
  readonly actor: string;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

/** What a request carries to say who sent it: HTTP headers or gRPC metadata of the same names. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The tenant: believed while authentication is off; else it has to be the token's. */
  readonly scopeOrgId: string | undefined;
  /** What the token must be at least. */
  readonly role: Role;
}

/** Who calls. With authentication on: the tenant of a token with the role, or an error. Off: `X-Scope-OrgID`, else `default`. */
export function identifyCaller(authenticator: Authenticator, credentials: Credentials): Omit<Call, 'signal'> {
  if (!authenticator.enabled) return { tenant: credentials.scopeOrgId || 'default', actor: 'anonymous' };
  const identity = authenticator.identify(bearerToken(credentials.authorization));
  if (identity === null)
    throw new AppError(
      'QUERY_UNAUTHENTICATED',
      `send a token with role ${credentials.role} as \`authorization: Bearer <token>\``,
      {
        kind: 'permanent',
        httpStatus: 401,
      },
    );
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
  return { tenant: identity.tenant, actor: identity.role };
}
