/** What a reader needs of a fault: which one explains the others, and how to see it in the cluster. Pure. */
import type { FindingMechanism, ObjectReference, WorkloadFinding } from '@faultline/model';

/** Faults that follow from others: pods that crash leave a Service without endpoints, and no rollout finishes. */
const consequences: ReadonlySet<FindingMechanism> = new Set(['rollout-stuck', 'no-ready-endpoints', 'pod-evicted']);
const symptoms: ReadonlySet<FindingMechanism> = new Set([
  'container-exits',
  'container-killed',
  'readiness-failing',
  'liveness-failing',
  'startup-failing',
  'job-failed',
]);
/** They stop no pod. */
const warnings: ReadonlySet<FindingMechanism> = new Set([
  'autoscaler-at-limit',
  'autoscaler-without-metrics',
  'disruption-budget-blocks',
  'certificate-expiring',
]);

export function isWarning({ mechanism }: Pick<WorkloadFinding, 'mechanism'>): boolean {
  return warnings.has(mechanism);
}

/** The fault that explains the others first, then the older one. */
export function byExplanation(a: WorkloadFinding, b: WorkloadFinding): number {
  return depthOf(a) - depthOf(b) || a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1);
}

function depthOf({ mechanism }: WorkloadFinding): number {
  if (warnings.has(mechanism)) return 3;
  if (consequences.has(mechanism)) return 2;
  return symptoms.has(mechanism) ? 1 : 0;
}

const ofContainer: ReadonlySet<FindingMechanism> = new Set([
  'container-exits',
  'container-killed',
  'out-of-memory',
  'init-container-failed',
]);
const ofScheduling: ReadonlySet<FindingMechanism> = new Set([
  'insufficient-resources',
  'taint-not-tolerated',
  'node-selector-mismatch',
  'affinity-unsatisfied',
  'topology-spread-unsatisfied',
  'volume-node-conflict',
  'unschedulable',
]);

/** A kubectl command that shows the fault. It prints no value of a Secret: `describe` shows the names and sizes of its keys only. */
export function checkCommand({ mechanism, object, target, field }: WorkloadFinding): string {
  if (ofContainer.has(mechanism)) return logs(object, field);
  if (mechanism === 'rollout-stuck') return kubectl(object.namespace, 'rollout', 'status', typed(object));
  if (ofScheduling.has(mechanism))
    return kubectl(object.namespace, 'get', 'events', '--field-selector', 'reason=FailedScheduling');
  return describe(target ?? object);
}

function logs(object: ObjectReference, field: string): string {
  const container = /ontainers\[([^\]*]+)\]/.exec(field)?.[1];
  const of = container === undefined ? ['--all-containers'] : ['-c', container];
  return kubectl(object.namespace, 'logs', typed(object), ...of, '--previous', '--tail=50');
}

function describe(object: ObjectReference): string {
  return kubectl(object.namespace, 'describe', object.kind.toLowerCase(), object.name);
}

function typed({ kind, name }: ObjectReference): string {
  return `${kind.toLowerCase()}/${name}`;
}

function kubectl(namespace: string, ...words: readonly string[]): string {
  const place = namespace === '' ? [] : ['-n', namespace];
  return ['kubectl', ...place, ...words].map(quoted).join(' ');
}

/** The names of Kubernetes need no quotes. What is none is quoted, as people paste the command into a shell. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
