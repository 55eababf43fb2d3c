/** What is wrong with the pods of one workload. Pods with the same fault are one draft. Pure. */
import type { Entities, ObjectReference } from '@faultline/model';
import { at, isTrue, type JsonObject, list, numberAt, text, textMap, timeMs } from '../api/json.ts';
import type { KnownObject } from '../cluster/model.ts';
import { type PodReference, referencesOf } from '../cluster/users.ts';
import { fitsSelector } from '../cluster/workload.ts';
import type { ObservedObject } from '../decode/object.ts';
import { containersOf, faultOfContainer } from './container.ts';
import { draftOf, type FaultContext, type FaultDraft, mergeFaults, type Warning } from './draft.ts';
import { missingOfMessage, readScheduling, volumeOfMessage } from './messages.ts';

/** The workload that the pods belong to, as the drafts name it. */
export interface PodOwner {
  readonly object: ObjectReference;
  readonly entities: Entities;
}

export function faultsOfPods(
  context: FaultContext,
  owner: PodOwner,
  pods: readonly KnownObject[],
): readonly FaultDraft[] {
  const live = pods.filter(({ observed }) => text(observed.status, 'phase') !== 'Succeeded');
  const drafts = live.flatMap(({ observed }) => (isHealthy(observed) ? [] : faultsOfPod(context, owner, observed)));
  return mergeFaults(drafts, live.length);
}

/** A version of a pod never changes, and each event of a pod looks at all pods of its workload. */
const healthy = new WeakMap<ObservedObject, boolean>();

/** Whether each container is ready and never ended: neither time nor other objects make a fault of such a pod. */
function isHealthy(pod: ObservedObject): boolean {
  const known = healthy.get(pod);
  if (known !== undefined) return known;
  const { status } = pod;
  const containers = list(status, 'containerStatuses');
  const isReady = (container: JsonObject) =>
    isTrue(container, 'ready') && Object.keys(at(container, 'lastState')).length === 0;
  const isWell =
    text(status, 'phase') === 'Running' &&
    containers.length > 0 &&
    containers.every(isReady) &&
    list(status, 'initContainerStatuses').every(isReady) &&
    !list(status, 'conditions').some((condition) => text(condition, 'status') === 'False');
  healthy.set(pod, isWell);
  return isWell;
}

function faultsOfPod(context: FaultContext, owner: PodOwner, pod: ObservedObject): readonly FaultDraft[] {
  const warnings = context.warningsOf(pod.uid);
  const input = { context, owner, pod, warnings };
  const phase = text(pod.status, 'phase');
  if (phase === 'Failed' && text(pod.status, 'reason') === 'Evicted') return [evicted(input)];
  const unscheduled = schedulingFault(input);
  if (unscheduled !== null) return [unscheduled];
  const containers = containerFaults(input);
  const missing = missingReferences(input);
  if (missing.length > 0 || containers.length > 0 || phase !== 'Pending') return [...missing, ...containers];
  return volumeFaults(input);
}

interface PodInput {
  readonly context: FaultContext;
  readonly owner: PodOwner;
  readonly pod: ObservedObject;
  readonly warnings: readonly Warning[];
}

/** A field of a pod is a field of its workload's template. */
function templateField({ owner }: PodInput, field: string): string {
  switch (owner.object.kind) {
    case 'Pod':
      return field;
    case 'CronJob':
      return `spec.jobTemplate.spec.template.${field}`;
    default:
      return `spec.template.${field}`;
  }
}

function draft(input: PodInput, mechanism: FaultDraft['mechanism'], more: Partial<FaultDraft>): FaultDraft {
  const { object, entities } = input.owner;
  const field = more.field === undefined || more.field === '' ? '' : templateField(input, more.field);
  return draftOf(mechanism, object, entities, { ...more, field });
}

function evicted(input: PodInput): FaultDraft {
  const { status, body } = input.pod;
  const node = text(body, 'spec', 'nodeName');
  return draft(input, 'pod-evicted', {
    reason: 'Evicted',
    message: text(status, 'message'),
    target: node === '' ? null : { kind: 'Node', namespace: '', name: node },
    sinceMs: timeMs(status, 'startTime'),
  });
}

const fieldOfMechanism: Partial<Record<FaultDraft['mechanism'], string>> = {
  'insufficient-resources': 'spec.containers[*].resources.requests',
  'taint-not-tolerated': 'spec.tolerations',
  'node-selector-mismatch': 'spec.nodeSelector',
  'affinity-unsatisfied': 'spec.affinity',
  'topology-spread-unsatisfied': 'spec.topologySpreadConstraints',
  'volume-node-conflict': 'spec.volumes',
  'claim-without-volume': 'spec.volumes',
};

function schedulingFault(input: PodInput): FaultDraft | null {
  const { pod } = input;
  const condition = list(pod.status, 'conditions').find(
    (entry) => text(entry, 'type') === 'PodScheduled' && text(entry, 'status') === 'False',
  );
  if (condition === undefined || text(condition, 'reason') !== 'Unschedulable') return null;
  const message = text(condition, 'message');
  const { mechanism, measures, resource } = readScheduling(message, isSelectable(input));
  const claim = mechanism === 'claim-without-volume' ? claimOf(input) : null;
  if (claim?.isMissing === true)
    return draft(input, 'claim-missing', {
      ...claim,
      reason: 'Unschedulable',
      message,
      sinceMs: timeMs(condition, 'lastTransitionTime'),
      measures,
    });
  const field = fieldOfMechanism[mechanism] ?? '';
  const affinity =
    mechanism === 'node-selector-mismatch' && Object.keys(at(pod.body, 'spec', 'nodeSelector')).length === 0;
  return draft(input, mechanism, {
    field: claim?.field ?? (affinity ? 'spec.affinity.nodeAffinity' : resource === '' ? field : `${field}.${resource}`),
    target: claim?.target ?? null,
    targetKey: resource,
    reason: 'Unschedulable',
    message,
    sinceMs: timeMs(condition, 'lastTransitionTime'),
    measures,
  });
}

/** Whether a node of the cluster has the labels that the pod asks for. A pod that asks for none says nothing. */
function isSelectable({ context: { model }, pod: { body } }: PodInput): boolean {
  const wanted = Object.entries(textMap(body, 'spec', 'nodeSelector'));
  const terms = list(
    at(body, 'spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'),
    'nodeSelectorTerms',
  );
  if (wanted.length === 0 && terms.length === 0) return false;
  return [...model.all('nodes')].some(
    ({ observed: { labels } }) =>
      wanted.every(([name, value]) => labels[name] === value) &&
      (terms.length === 0 || terms.some((term) => fitsSelector(labels, term))),
  );
}

/** The claim that is missing or not bound. */
function claimOf({ context: { model }, pod }: PodInput) {
  const references = referencesOf(at(pod.body, 'spec'), pod.reference.namespace);
  for (const { target, field } of references) {
    if (target.kind !== 'PersistentVolumeClaim') continue;
    const known = model.get('persistentvolumeclaims', target.namespace, target.name);
    const isMissing = known === undefined && model.isSynced('persistentvolumeclaims');
    if (isMissing || (known !== undefined && text(known.observed.status, 'phase') !== 'Bound'))
      return { target, field, isMissing };
  }
  return null;
}

function containerFaults(input: PodInput): readonly FaultDraft[] {
  const { pod, warnings, context } = input;
  return containersOf(at(pod.body, 'spec'), pod.status).flatMap((container) => {
    const name = text(container.status, 'name');
    const own = warnings.filter(({ fieldPath }) => fieldPath === '' || fieldPath.includes(`{${name}}`));
    const fault = faultOfContainer({ ...container, warnings: own, nowMs: context.nowMs });
    return fault === null ? [] : [draft(input, fault.mechanism, fault)];
  });
}

const resourceOfTarget: Readonly<Record<string, string>> = {
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  ServiceAccount: 'serviceaccounts',
  PersistentVolumeClaim: 'persistentvolumeclaims',
};

/** A pod that waits for something that it refers to. A running container read its environment when it started. */
function missingReferences(input: PodInput): readonly FaultDraft[] {
  const { pod } = input;
  const waiting = list(pod.status, 'containerStatuses').concat(list(pod.status, 'initContainerStatuses'));
  const reasons = new Set(waiting.map((status) => text(status, 'state', 'waiting', 'reason')));
  const uses = (usedAs: PodReference['usedAs']) =>
    (usedAs === 'env' && reasons.has('CreateContainerConfigError')) ||
    (usedAs === 'volume' &&
      text(pod.status, 'phase') === 'Pending' &&
      (reasons.has('ContainerCreating') || reasons.has('PodInitializing')));
  const message = text(
    waiting.find((status) => text(status, 'state', 'waiting', 'reason') === 'CreateContainerConfigError'),
    'state',
    'waiting',
    'message',
  );
  const references = referencesOf(at(pod.body, 'spec'), pod.reference.namespace);
  const used = references.filter(({ usedAs, isOptional }) => uses(usedAs) && !isOptional);
  const found = used.flatMap((reference) => missingReference(input, reference, message));
  return found.length > 0 ? found : missingByMessage(input, references, message);
}

/** What the kubelet says is missing, where the cluster does not let us see it. */
function missingByMessage(input: PodInput, references: readonly PodReference[], message: string): FaultDraft[] {
  const missing = missingOfMessage(message);
  if (missing === null) return [];
  const { namespace } = input.pod.reference;
  const reference = references.find(
    ({ target, key }) =>
      target.kind === missing.kind && target.name === missing.name && (missing.key === '' || key === missing.key),
  );
  const mechanism = missingMechanism(missing.kind, missing.key !== '');
  if (mechanism === null) return [];
  return [
    draft(input, mechanism, {
      field: reference?.field ?? '',
      target: { kind: missing.kind, namespace, name: missing.name },
      targetKey: missing.key || (reference?.key ?? ''),
      reason: 'CreateContainerConfigError',
      message,
      sinceMs: missingSince(input),
    }),
  ];
}

/** A pod that never ran lacks it since it was made. One that ran lacks it since its last restart, and the API does not say when that was. */
function missingSince({ pod }: PodInput): number | null {
  const hasRun = list(pod.status, 'containerStatuses').some((status) => numberAt(status, ['restartCount']) > 0);
  return hasRun ? null : pod.createdAtMs || null;
}

function missingReference(
  input: PodInput,
  { target, key, field, usedAs }: PodReference,
  message: string,
): FaultDraft[] {
  const { model } = input.context;
  const resource = resourceOfTarget[target.kind];
  if (resource === undefined || !model.isSynced(resource)) return [];
  const known = model.get(resource, target.namespace, target.name);
  const facts = {
    field,
    target,
    targetKey: key,
    reason: usedAs === 'env' ? 'CreateContainerConfigError' : 'FailedMount',
    message,
    sinceMs: missingSince(input),
  };
  const mechanism = missingMechanism(target.kind, known !== undefined);
  if (known === undefined) return mechanism === null ? [] : [draft(input, mechanism, facts)];
  if (mechanism === null || key === '' || Object.hasOwn(at(known.observed.body, 'data'), key)) return [];
  return [draft(input, mechanism, facts)];
}

function missingMechanism(kind: string, exists: boolean): FaultDraft['mechanism'] | null {
  switch (kind) {
    case 'Secret':
      return exists ? 'secret-key-missing' : 'secret-missing';
    case 'ConfigMap':
      return exists ? 'config-map-key-missing' : 'config-map-missing';
    case 'PersistentVolumeClaim':
      return exists ? null : 'claim-missing';
    default:
      return null;
  }
}

/** Volumes that the kubelet could not attach or mount, by its events: a status does not show them. */
function volumeFaults(input: PodInput): readonly FaultDraft[] {
  const warning = input.warnings.find(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume');
  if (warning === undefined) return [];
  const volume = volumeOfMessage(warning.message);
  const mechanism = warning.reason === 'FailedMount' ? 'mount-failed' : 'attach-failed';
  return [
    draft(input, mechanism, {
      field: volume === '' ? 'spec.volumes' : `spec.volumes[${volume}]`,
      targetKey: volume,
      reason: warning.reason,
      message: warning.message,
      sinceMs: warning.firstMs,
    }),
  ];
}
