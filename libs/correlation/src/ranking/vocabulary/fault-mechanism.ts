/** What each mechanism that a cluster reports means for a service: what it stops, the fault type, and whether it is an effect of another fault. */
import type { CauseKind, FindingMechanism } from '@faultline/model';

/** Which kind of evidence reads a mechanism. */
export type FaultGroup = 'start' | 'run' | 'traffic' | 'node' | 'limit';

export interface MechanismMeaning {
  readonly group: FaultGroup;
  readonly faultType: CauseKind;
  /** It may follow from any other fault of the same service, or of a service that it calls. */
  readonly isEffect: boolean;
}

const start = (faultType: CauseKind): MechanismMeaning => ({ group: 'start', faultType, isEffect: false });
const run = (faultType: CauseKind, isEffect = false): MechanismMeaning => ({ group: 'run', faultType, isEffect });
const traffic = (faultType: CauseKind, isEffect = false): MechanismMeaning => ({
  group: 'traffic',
  faultType,
  isEffect,
});
const node: MechanismMeaning = { group: 'node', faultType: 'node', isEffect: false };
const limit = (faultType: CauseKind, isEffect = false): MechanismMeaning => ({ group: 'limit', faultType, isEffect });

export const mechanismMeanings: Readonly<Record<FindingMechanism, MechanismMeaning>> = {
  'container-exits': run('code'),
  'container-killed': run('down'),
  'out-of-memory': run('memory'),
  'container-cannot-start': start('config'),
  'init-container-failed': start('config'),
  'readiness-failing': run('down', true),
  'liveness-failing': run('down', true),
  'startup-failing': run('down', true),
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
  'rollout-stuck': limit('config', true),
  'job-failed': run('down', true),
  'pod-evicted': run('node', true),
  'selector-matches-nothing': traffic('config'),
  'no-ready-endpoints': traffic('down', true),
  'target-port-mismatch': traffic('config'),
  'network-policy-denies': traffic('network'),
  'autoscaler-at-limit': limit('traffic', true),
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
