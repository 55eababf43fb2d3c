/** The rights that the table of kinds needs, as RBAC rules. The manifests in `k8s/` are compared with them by a test. */
import type { ResourceKind } from './table.ts';

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const readOnly = ['get', 'list', 'watch'] as const;

/** One rule for each API group, in the order of the table. Verbs are `get`, `list` and `watch` only. */
export function rulesFor(kinds: readonly ResourceKind[]): readonly PolicyRule[] {
  const groups = Map.groupBy(kinds, ({ group }) => group);
  return [...groups].map(([group, members]) => ({
    apiGroups: [group],
    resources: members.map(({ plural }) => plural),
    verbs: [...readOnly],
  }));
}

/** The one thing that is written: the Lease, in the namespace that Faultline runs in. */
export const leaseRule: PolicyRule = {
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  verbs: ['get', 'create', 'update'],
};
