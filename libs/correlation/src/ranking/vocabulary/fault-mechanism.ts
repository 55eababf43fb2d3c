/** What each mechanism that a cluster reports means for a service: what it stops, the fault type, and what it may follow from. */
import type { CauseKind, FindingMechanism } from '@faultline/model';

/** Which kind of evidence reads a mechanism. */
export type FaultGroup = 'start' | 'run' | 'traffic' | 'node' | 'limit';

export interface MechanismMeaning {
  readonly group: FaultGroup;
  readonly faultType: CauseKind;
  /** 0: nothing else of the same service makes it. A fault may follow from any of a smaller depth. */
  readonly depth: 0 | 1 | 2;
}

type Depth = MechanismMeaning['depth'];

const start = (faultType: CauseKind): MechanismMeaning => ({ group: 'start', faultType, depth: 0 });
const run = (faultType: CauseKind, depth: Depth = 0): MechanismMeaning => ({ group: 'run', faultType, depth });
const traffic = (faultType: CauseKind, depth: Depth = 0): MechanismMeaning => ({ group: 'traffic', faultType, depth });
const node: MechanismMeaning = { group: 'node', faultType: 'node', depth: 0 };
const limit = (faultType: CauseKind, depth: Depth = 0): MechanismMeaning => ({ group: 'limit', faultType, depth });

export const mechanismMeanings: Readonly<Record<FindingMechanism, MechanismMeaning>> = {
  'container-exits': run('code'),
  'container-killed': run('down'),
  'out-of-memory': run('memory'),
  'container-cannot-start': start('config'),
  'init-container-failed': start('config'),
  'readiness-failing': run('down', 1),
  'liveness-failing': run('down', 1),
  'startup-failing': run('down', 1),
  'image-not-found': start('config'),
  'image-denied': start('credential'),
  'image-rate-limited': start('dependency'),
  'image-registry-unreachable': start('dependency'),
  'image-name-invalid': start('config'),
  'image-wrong-architecture': start('config'),
  'config-map-missing': start('config'),
  'config-map-key-missing': start('config'),
  'secret-missing': start('config'),
  'secret-key-missing': start('config'),
  'service-account-missing': start('config'),
  'mount-failed': start('disk'),
  'attach-failed': start('disk'),
  'claim-missing': start('config'),
  'claim-without-class': start('config'),
  'claim-without-volume': start('disk'),
  'claim-not-provisioned': start('disk'),
  'insufficient-resources': start('config'),
  'taint-not-tolerated': start('config'),
  'node-selector-mismatch': start('config'),
  'affinity-unsatisfied': start('config'),
  'topology-spread-unsatisfied': start('config'),
  'volume-node-conflict': start('disk'),
  unschedulable: start('node'),
  'quota-exceeded': start('config'),
  'limit-range-violated': start('config'),
  'admission-refused': start('config'),
  'admission-webhook-down': start('dependency'),
  'access-denied': start('credential'),
  'rollout-stuck': limit('config', 2),
  'job-failed': run('down', 1),
  'pod-evicted': run('node', 1),
  'selector-matches-nothing': traffic('config'),
  'no-ready-endpoints': traffic('down', 2),
  'target-port-mismatch': traffic('config'),
  'network-policy-denies': traffic('network'),
  'dns-down': traffic('dns', 2),
  'autoscaler-at-limit': limit('traffic', 2),
  'autoscaler-without-metrics': limit('config'),
  'disruption-budget-blocks': limit('config'),
  'node-not-ready': node,
  'node-disk-pressure': node,
  'node-memory-pressure': node,
  'node-pid-pressure': node,
  'node-network-unavailable': node,
  'certificate-expired': traffic('credential'),
  'certificate-expiring': limit('credential'),
  'certificate-not-issued': limit('credential'),
  'delivery-failed': limit('config'),
};

/** Their cause is in the object that reports them, or in an object that it names: nothing else makes them. */
const ownMechanisms: ReadonlySet<FindingMechanism> = new Set([
  'container-cannot-start',
  'image-not-found',
  'image-name-invalid',
  'image-wrong-architecture',
  'config-map-missing',
  'config-map-key-missing',
  'secret-missing',
  'secret-key-missing',
  'service-account-missing',
  'claim-missing',
  'claim-without-class',
  'node-selector-mismatch',
  'quota-exceeded',
  'limit-range-violated',
  'selector-matches-nothing',
  'target-port-mismatch',
  'network-policy-denies',
  'certificate-expired',
]);

/** Their cause is outside the object that reports them, whatever was changed before. */
const sharedMechanisms: ReadonlySet<FindingMechanism> = new Set([
  'dns-down',
  'image-rate-limited',
  'image-registry-unreachable',
  'admission-webhook-down',
  'pod-evicted',
  'unschedulable',
  'volume-node-conflict',
  'attach-failed',
]);

/**
 * Where the cause of a mechanism is. `own`: in the object that reports it. `shared`: outside of it. `either`: in the object when it was changed
 * right before, otherwise nobody knows.
 */
export function originOf(mechanism: FindingMechanism): 'own' | 'shared' | 'either' {
  if (ownMechanisms.has(mechanism)) return 'own';
  return sharedMechanisms.has(mechanism) || mechanismMeanings[mechanism].group === 'node' ? 'shared' : 'either';
}
