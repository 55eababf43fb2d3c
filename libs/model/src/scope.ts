/** Where a record belongs. A tenant's records meet in one partition: see docs/adr/0026-scope-is-the-tenant.md. */
export interface Scope {
  readonly tenant: string;
  /** A fact of the record: the environment that it names. Empty: it names none. Always empty in the scope of correlation. */
  readonly environment: string;
}

/** The unit of correlation: everything that may belong to one incident has the same scope of correlation, whatever its environment. */
export function correlationScope({ tenant }: Pick<Scope, 'tenant'>): Scope {
  return { tenant, environment: '' };
}

/** The key of the topics whose records meet: alerts, changes, commands and state. */
export function correlationKey(scope: Pick<Scope, 'tenant'>): string {
  return scopeKey(correlationScope(scope));
}

/** A scope as text. Reversible: neither part may hold a slash (`parseScope` refuses it). */
export function scopeKey(scope: Scope): string {
  return `${scope.tenant}/${scope.environment}`;
}

/** The reverse of `scopeKey`; null when the text is not `tenant/environment`. */
export function parseScope(key: string): Scope | null {
  const [tenant, environment, ...rest] = key.split('/');
  if (!tenant || environment === undefined || rest.length > 0) return null;
  return { tenant, environment };
}
