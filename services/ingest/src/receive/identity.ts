import { type Authenticator, mayActAs } from '@faultline/runtime';
import type { Problem } from '../source.ts';

export type TenantDecision =
  | { readonly ok: true; readonly tenant: string }
  | { readonly ok: false; readonly status: 400 | 401 | 403; readonly problem: Problem };

export interface TenantQuestion {
  readonly authenticator: Authenticator;
  readonly source: string;
  readonly token: string | null;
  /** X-Scope-OrgID: believed while authentication is off; else it has to be the token's tenant. */
  readonly orgId: string | undefined;
  readonly defaultTenant: string;
}

/** Tenants are part of topic keys: no slash, and nothing that would need quoting anywhere. */
const tenantPattern = /^[\w.:@-]{1,150}$/;

/** Whose data a request is: the token's tenant while authentication is on, else what the sender says, else the default. */
export function decideTenant(question: TenantQuestion): TenantDecision {
  if (question.authenticator.enabled) return tenantOfToken(question);
  const tenant = question.orgId ?? question.defaultTenant;
  if (tenantPattern.test(tenant)) return { ok: true, tenant };
  const reason = 'X-Scope-OrgID: expected 1 to 150 letters, digits and -_.:@';
  return { ok: false, status: 400, problem: { code: 'INGEST_TENANT', reason } };
}

function tenantOfToken({ authenticator, source, token, orgId }: TenantQuestion): TenantDecision {
  const identity = authenticator.identify(token);
  if (identity === null) {
    const reason = 'Authorization: expected Bearer and a token of this source';
    return { ok: false, status: 401, problem: { code: 'INGEST_UNAUTHENTICATED', reason } };
  }
  // Not silently another tenant's than the sender means.
  if (orgId !== undefined && orgId !== identity.tenant) {
    const reason = `X-Scope-OrgID: this token is for the tenant ${identity.tenant}`;
    return { ok: false, status: 403, problem: { code: 'INGEST_FORBIDDEN', reason } };
  }
  const isOfSource = identity.role === 'admin' || identity.source === source;
  if (isOfSource && mayActAs(identity.role, 'source')) return { ok: true, tenant: identity.tenant };
  const held = identity.role === 'source' ? `the source ${identity.source}` : `the role ${identity.role}`;
  const reason = `Authorization: this token is for ${held}, not for sending ${source}`;
  return { ok: false, status: 403, problem: { code: 'INGEST_FORBIDDEN', reason } };
}
