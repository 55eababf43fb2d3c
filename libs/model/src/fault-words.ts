/** The fault of an object of a cluster as people read it. Page, console, API and evidence use these words. */
import type { ObjectFault } from './object-fault.ts';
import { type ObjectReference, objectText } from './object-reference.ts';
import type { FindingMechanism } from './workload-finding.ts';

/** Mechanism, object and field: `Deployment shop/pay: env DB_URL refers to key url of Secret pay-db, which is missing`. */
export function faultTitle(fault: ObjectFault): string {
  return `${objectText(fault.object)}: ${phrases[fault.mechanism](partsOf(fault))}`;
}

/** The title, how many pods show it, since when, and who made the change before it. Times are UTC. */
export function faultText(fault: ObjectFault): string {
  return `${faultTitle(fault)}${extentText(fault)}${timeText(fault)}${changeText(fault)}`;
}

interface Parts {
  /** `env DB_URL`, `image of container pay`. */
  readonly field: string;
  /** `container pay`, or `its container` where the field names none. */
  readonly container: string;
  /** `Secret pay-db`; empty: nothing else takes part. */
  readonly target: string;
  /** `key url of `, or empty. */
  readonly keyOf: string;
  readonly key: string;
  readonly measures: Readonly<Record<string, number>>;
}

type Phrase = (parts: Parts) => string;

const refers: Phrase = ({ field, keyOf, target }) => `${field} refers to ${keyOf}${target || 'an object'}`;
const missing: Phrase = (parts) => `${refers(parts)}, which is missing`;
const missingKey: Phrase = (parts) => `${refers(parts)}, which has no such key`;
const image =
  (why: string): Phrase =>
  ({ field, key }) =>
    `${field} is ${key || 'an image'}, ${why}`;
const probe =
  (name: string): Phrase =>
  ({ container }) =>
    `the ${name} probe of ${container} fails`;
const noNode =
  (why: string): Phrase =>
  ({ field, measures: { nodes = 0 } }) =>
    `${field} fits ${nodes > 0 ? `none of ${nodes} nodes` : 'no node'}: ${why}`;
const refusedBy =
  (what: string): Phrase =>
  ({ field, target, key }) =>
    `${field} ${what}${target === '' ? '' : ` of ${target}`}${key === '' ? '' : ` (${key})`}`;

const phrases: Readonly<Record<FindingMechanism, Phrase>> = {
  'container-exits': ({ container, measures: { exitCode } }) =>
    `${container} exits${exitCode === undefined ? '' : ` with code ${exitCode}`}`,
  'container-killed': ({ container, measures: { signal } }) =>
    `${container} is killed${signal === undefined ? '' : ` by signal ${signal}`}`,
  'out-of-memory': ({ field }) => `${field} is exceeded, so the kernel kills it`,
  'container-cannot-start': ({ field }) => `${field} cannot be started`,
  'init-container-failed': ({ field, measures: { exitCode } }) =>
    `${field} fails${exitCode === undefined ? '' : ` with code ${exitCode}`}`,
  'readiness-failing': probe('readiness'),
  'liveness-failing': probe('liveness'),
  'startup-failing': probe('startup'),
  'image-not-found': image('which the registry does not have'),
  'image-denied': image('which the registry refuses to this cluster'),
  'image-rate-limited': image('whose registry limits the rate of pulls'),
  'image-registry-unreachable': image('whose registry cannot be reached'),
  'image-name-invalid': image('which is no valid name'),
  'image-wrong-architecture': image('which is not made for the architecture of the node'),
  'config-map-missing': missing,
  'config-map-key-missing': missingKey,
  'secret-missing': missing,
  'secret-key-missing': missingKey,
  'service-account-missing': missing,
  'mount-failed': ({ field }) => `${field} cannot be mounted`,
  'attach-failed': ({ field }) => `${field} cannot be attached`,
  'claim-missing': missing,
  'claim-without-class': missing,
  'claim-without-volume': ({ field, target }) => `${target || field} fits no volume`,
  'claim-not-provisioned': ({ field, target }) => `the volume of ${target || field} cannot be made`,
  'insufficient-resources': noNode('too little is free'),
  'taint-not-tolerated': noNode('they have taints that it does not tolerate'),
  'node-selector-mismatch': noNode('none has the labels that it selects'),
  'affinity-unsatisfied': noNode('its affinity rules exclude them'),
  'topology-spread-unsatisfied': noNode('its spread over zones or nodes would be uneven'),
  'volume-node-conflict': noNode('its volume is elsewhere'),
  unschedulable: noNode('the scheduler refuses them'),
  'quota-exceeded': refusedBy('exceeds the quota'),
  'limit-range-violated': refusedBy('violates a limit range'),
  'admission-refused': refusedBy('is refused by a rule'),
  'admission-webhook-down': ({ key, target }) =>
    `its pods need ${target || key || 'an admission webhook'}, which does not answer`,
  'access-denied': refusedBy('may not be created with the rights'),
  'rollout-stuck': ({ field }) => `its rollout is past ${field}`,
  'job-failed': ({ field, target, measures: { exitCode } }) =>
    `${target === '' ? 'it' : target} failed, past ${field}${exitCode === undefined ? '' : ` (exit code ${exitCode})`}`,
  'pod-evicted': ({ target }) => `its pod was evicted${target === '' ? '' : ` from ${target}`}`,
  'selector-matches-nothing': ({ field, key }) => `${field} ${key === '' ? '' : `${key} `}matches no pod`,
  'no-ready-endpoints': () => 'none of its pods is ready',
  'target-port-mismatch': ({ field, key }) => `${field} is ${key || 'a name'}, which no container has`,
  'network-policy-denies': ({ field, target, key }) =>
    `${field} denies all traffic${key === '' ? '' : ` on port ${key}`}${target === '' ? '' : ` of ${target}`}`,
  'dns-down': () => 'no pod of the DNS of the cluster is ready',
  'autoscaler-at-limit': ({ field, measures: { maxReplicas } }) =>
    `${field} is reached${maxReplicas === undefined ? '' : `: ${maxReplicas}`}`,
  'autoscaler-without-metrics': ({ field }) => `${field} cannot be read, so it does not scale`,
  'disruption-budget-blocks': ({ field, target }) => `${field} blocks the drain of ${target || 'a node'}`,
  'node-not-ready': () => 'it is not ready',
  'node-disk-pressure': () => 'its disk is nearly full',
  'node-memory-pressure': () => 'its memory is nearly full',
  'node-pid-pressure': () => 'it runs too many processes',
  'node-network-unavailable': () => 'its network is not set up',
  'certificate-expired': ({ target }) => `the certificate${inTarget(target)} has expired`,
  'certificate-expiring': ({ target }) => `the certificate${inTarget(target)} expires soon and was not renewed`,
  'certificate-not-issued': ({ field, target }) => `the certificate${inTarget(target)} is not issued (${field})`,
  'delivery-failed': () => 'what it declares could not be applied',
};

function inTarget(target: string): string {
  return target === '' ? '' : ` in ${target}`;
}

function partsOf({ object, field, target, targetKey, measures }: ObjectFault): Parts {
  return {
    field: fieldText(field) || 'it',
    container: containerText(field) ?? 'its container',
    target: target === null ? '' : targetText(target, object.namespace),
    keyOf: targetKey === '' ? '' : `key ${targetKey} of `,
    key: targetKey,
    measures,
  };
}

/** Within its own namespace an object needs no namespace. */
function targetText(target: ObjectReference, namespace: string): string {
  return target.namespace === namespace ? `${target.kind} ${target.name}` : objectText(target);
}

/** A field as people call it: `env DB_URL`, `volume data`, `image of container pay`. Others keep their path within the pod's template. */
export function fieldText(field: string): string {
  const path = field.replace(/^spec\.jobTemplate\./, '').replace(/^spec\.template\.(?=spec\.)/, '');
  const env = /\.env\[([^\]]+)\]/.exec(path)?.[1];
  if (env !== undefined) return `env ${env}`;
  const volume = /^spec\.volumes\[([^\]]+)\]/.exec(path)?.[1];
  if (volume !== undefined) return `volume ${volume}`;
  const container = containerText(path);
  const rest = /ontainers\[[^\]]+\]\.(.+)$/.exec(path)?.[1];
  if (container !== null) return rest === undefined ? container : `${rest} of ${container}`;
  return path;
}

function containerText(field: string): string | null {
  const [, part = '', name = ''] = /(initContainers|containers)\[([^\]]+)\]/.exec(field) ?? [];
  if (name === '') return null;
  if (name === '*') return 'its containers';
  return `${part === 'initContainers' ? 'init container' : 'container'} ${name}`;
}

function extentText({ affected, total }: ObjectFault): string {
  return total > 1 ? ` (${affected} of ${total})` : '';
}

function timeText({ sinceMs, endedAtMs }: ObjectFault): string {
  return endedAtMs === null ? `, since ${clock(sinceMs)}` : `, from ${clock(sinceMs)} to ${clock(endedAtMs)}`;
}

/** A change within this time of the fault is told with it. */
const togetherMs = 120_000;

function changeText({ object, target, sinceMs, changedBy }: ObjectFault): string {
  if (changedBy === null) return '';
  const actor = changedBy.actor || 'somebody';
  const isTarget = target !== null && isSame(changedBy.object, target);
  const what = isTarget || isSame(changedBy.object, object) ? 'it' : objectText(changedBy.object);
  const changed = `${actor} changed ${isTarget && target !== null ? targetText(target, object.namespace) : what}`;
  if (Math.abs(sinceMs - changedBy.atMs) <= togetherMs) return `, when ${changed}`;
  return `; ${changed} at ${clock(changedBy.atMs)}`;
}

function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** `12:03`, UTC. */
function clock(atMs: number): string {
  const minutes = Math.floor(atMs / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)} UTC`;
}
