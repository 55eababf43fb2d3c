/** Whose data a signed body is. */
import { isSignedBy, type SignatureScheme, type SignedRequest } from '../authentication/signature.ts';
import type { IngestConfig } from '../config.ts';
import type { TenantDecision } from './identity.ts';

/** Null when no secret is configured for the source: then a token decides. */
export function decideSigner(
  source: string,
  scheme: SignatureScheme,
  request: SignedRequest,
  secrets: IngestConfig['signingSecrets'],
): TenantDecision | null {
  const own = secrets.filter((entry) => entry.source === source);
  if (own.length === 0) return null;
  const [signer] = own.filter((entry) => isSignedBy(entry.secret.reveal(), scheme, request));
  if (signer !== undefined) return { ok: true, tenant: signer.tenant };
  const reason = `${scheme.header}: expected a signature with the secret of this source`;
  return { ok: false, status: 401, problem: { code: 'INGEST_SIGNATURE', reason } };
}
