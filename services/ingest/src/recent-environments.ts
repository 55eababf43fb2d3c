/** Remembers the environment of an alert, for senders that do not repeat it when they resolve. Bounded: it forgets the oldest. */
export interface RecentEnvironments {
  get(tenant: string, fingerprint: string): string | null;
  set(tenant: string, fingerprint: string, environment: string): void;
}

export function createRecentEnvironments(maxEntries: number): RecentEnvironments {
  const known = new Map<string, string>();
  const keyOf = (tenant: string, fingerprint: string) => `${tenant}/${fingerprint}`;
  return {
    get: (tenant, fingerprint) => known.get(keyOf(tenant, fingerprint)) ?? null,
    set: (tenant, fingerprint, environment) => {
      const key = keyOf(tenant, fingerprint);
      known.delete(key);
      known.set(key, environment);
      const [oldest] = known.keys();
      if (known.size > maxEntries && oldest !== undefined) known.delete(oldest);
    },
  };
}
