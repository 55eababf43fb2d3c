/** The unit of correlation: everything that may belong to one incident has the same scope, and so meets in one partition. */
export interface Scope {
  readonly tenant: string;
  /** Empty only on a change that holds for every environment of its tenant. */
  readonly environment: string;
}

/** The topic key of a scope. Reversible: neither part may hold a slash (`parseScope` refuses it). */
export function scopeKey(scope: Scope): string {
  return `${scope.tenant}/${scope.environment}`;
}

/** The reverse of `scopeKey`; null when the text is not `tenant/environment`. */
export function parseScope(key: string): Scope | null {
  const [tenant, environment, ...rest] = key.split('/');
  if (!tenant || environment === undefined || rest.length > 0) return null;
  return { tenant, environment };
}
