/** Labels that tell replicas of one sender apart, such as two Prometheus servers that evaluate the same rules. */

export interface OwnLabels {
  readonly labels: Record<string, string>;
  /** Some label names a replica: what the sender derives from all labels, such as a fingerprint, is no identity. */
  readonly isReplica: boolean;
}

/** The labels of the alert itself. An alert that has no others keeps those of its replica. */
export function withoutReplica(labels: Record<string, string>, replicaLabels: readonly string[]): OwnLabels {
  const own = Object.entries(labels).filter(([label]) => !replicaLabels.includes(label));
  const isReplica = own.length > 0 && own.length < Object.keys(labels).length;
  return { labels: isReplica ? Object.fromEntries(own) : labels, isReplica };
}
