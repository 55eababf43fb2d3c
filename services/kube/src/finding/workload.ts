/** What is wrong with a workload itself: pods that the API server refuses, a rollout past its deadline, a failed job. Pure. */
import type { Entities, ObjectReference } from '@faultline/model';
import { at, type JsonObject, list, numberAt, text, timeMs } from '../api/json.ts';
import { qualified } from '../change/subject.ts';
import type { KnownObject } from '../cluster/model.ts';
import { entitiesOfWorkload, knownWorkload, podsOf } from '../cluster/workload.ts';
import { draftOf, type FaultContext, type FaultDraft, mergeFaults } from './draft.ts';
import { readRefusal } from './messages.ts';
import { faultsOfPods, type PodOwner } from './pod.ts';

/** All faults of one workload; of a pod that nothing controls, its own. */
export function faultsOfWorkload(context: FaultContext, object: ObjectReference): readonly FaultDraft[] {
  const { model } = context;
  const known = knownWorkload(model, object);
  if (known === undefined) return [];
  const owner = ownerOf(context, object);
  const failed = jobsOf(context, known).flatMap((job) => failedJob(context, owner, job));
  const ofFailed = new Set(failed.map(({ jobUid }) => jobUid));
  const pods = podsOf(model, known).filter(({ observed: { owner: controller } }) => {
    const uid = controller?.uid ?? '';
    return !ofFailed.has(uid) && !isReplaced(context, known, uid);
  });
  return [
    ...faultsOfPods(context, owner, pods),
    ...refusals(context, owner, known),
    ...stuckRollout(owner, known),
    ...failed.flatMap(({ faults }) => faults),
  ];
}

/** The names are looked up for a fault only: most looks find none. */
function ownerOf({ model, cluster }: FaultContext, object: ObjectReference): PodOwner {
  let entities: Entities | null = null;
  return {
    object,
    get entities() {
      entities ??= qualified(model, entitiesOfWorkload(model, object, cluster));
      return entities;
    },
  };
}

function jobsOf({ model }: FaultContext, { observed: { resource, uid } }: KnownObject): readonly KnownObject[] {
  if (resource === 'cronjobs.batch') return [...model.ownedBy(uid, 'jobs.batch')];
  const job = resource === 'jobs.batch' ? model.byUid(uid) : undefined;
  return job === undefined ? [] : [job];
}

/** Pods of a ReplicaSet that is scaled to nothing are on their way out. */
function isReplaced({ model }: FaultContext, workload: KnownObject, ownerUid: string): boolean {
  if (workload.observed.resource !== 'deployments.apps') return false;
  const owner = model.byUid(ownerUid);
  return owner !== undefined && numberAt(owner.observed.body, ['spec', 'replicas'], 1) === 0;
}

/** `FailedCreate`: by the condition of ReplicaSets, and by events of all controllers. */
function refusals(context: FaultContext, owner: PodOwner, workload: KnownObject): readonly FaultDraft[] {
  const { model, warningsOf, nowMs } = context;
  const { uid } = workload.observed;
  const makers = [workload, ...model.ownedBy(uid, 'replicasets.apps'), ...model.ownedBy(uid, 'jobs.batch')];
  const found = makers.flatMap(({ observed }) => {
    const condition = conditionOf(observed.status, 'ReplicaFailure', 'True');
    if (condition !== null)
      return [{ message: text(condition, 'message'), sinceMs: timeMs(condition, 'lastTransitionTime') }];
    const hasCondition = observed.reference.kind === 'ReplicaSet' || observed.reference.kind === 'Deployment';
    const warning = hasCondition ? undefined : warningsOf(observed.uid).find(({ reason }) => reason === 'FailedCreate');
    const isRecent = warning !== undefined && nowMs - warning.lastMs < recentMs;
    return isRecent ? [{ message: warning.message, sinceMs: warning.firstMs }] : [];
  });
  const drafts = found.map(({ message, sinceMs }) => refusalDraft(owner, message, sinceMs));
  return mergeFaults(drafts, numberAt(workload.observed.body, ['spec', 'replicas'], 1)).map((draft) => ({
    ...draft,
    affected: draft.total,
  }));
}

/** Controllers try again with waits of up to a few minutes. */
const recentMs = 900_000;

function refusalDraft({ object, entities }: PodOwner, message: string, sinceMs: number | null): FaultDraft {
  const { mechanism, kind, name, key } = readRefusal(message);
  const target = targetOf(object, kind, name);
  const isLimit = mechanism === 'limit-range-violated' || mechanism === 'quota-exceeded';
  return draftOf(mechanism, object, entities, {
    field: isLimit
      ? 'spec.template.spec.containers[*].resources'
      : mechanism === 'service-account-missing'
        ? 'spec.template.spec.serviceAccountName'
        : 'spec.template',
    target,
    targetKey: key,
    reason: 'FailedCreate',
    message,
    sinceMs,
  });
}

/** Kinds of the whole cluster. */
const clusterKinds: ReadonlySet<string> = new Set(['ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy']);

function targetOf({ namespace }: PodOwner['object'], kind: string, name: string): FaultDraft['target'] {
  if (kind === 'Namespace') return { kind, namespace: '', name: namespace };
  if (kind === '' || name === '') return null;
  return { kind, namespace: clusterKinds.has(kind) ? '' : namespace, name };
}

function stuckRollout(
  { object, entities }: PodOwner,
  { observed: { status, body } }: KnownObject,
): readonly FaultDraft[] {
  const condition = conditionOf(status, 'Progressing', 'False');
  if (condition === null || text(condition, 'reason') !== 'ProgressDeadlineExceeded') return [];
  const desired = numberAt(body, ['spec', 'replicas'], 1);
  return [
    draftOf('rollout-stuck', object, entities, {
      field: 'spec.progressDeadlineSeconds',
      reason: 'ProgressDeadlineExceeded',
      message: text(condition, 'message'),
      sinceMs: timeMs(condition, 'lastTransitionTime'),
      affected: desired - numberAt(status, ['availableReplicas']),
      total: desired,
    }),
  ];
}

interface FailedJob {
  readonly jobUid: string;
  readonly faults: readonly FaultDraft[];
}

/** Mechanisms that say only that the program of a container ended. */
const programEnds: ReadonlySet<string> = new Set(['container-exits', 'container-killed']);

/**
 * A Job that Kubernetes has given up. That its program ended with an error is how the Job failed, so it is part of the Job's fault and none of
 * its own. What kept the program from running, such as a missing Secret, is one.
 */
function failedJob(context: FaultContext, owner: PodOwner, job: KnownObject): readonly FailedJob[] {
  const { observed } = job;
  const condition = conditionOf(observed.status, 'Failed', 'True');
  if (condition === null) return [];
  const ofPods = faultsOfPods(context, owner, podsOf(context.model, job));
  const end = ofPods.find(({ mechanism }) => programEnds.has(mechanism));
  const reason = text(condition, 'reason');
  const fault = draftOf('job-failed', owner.object, owner.entities, {
    field: reason === 'DeadlineExceeded' ? 'spec.activeDeadlineSeconds' : 'spec.backoffLimit',
    target: owner.object.kind === 'Job' ? null : observed.reference,
    reason,
    message: [text(condition, 'message'), end?.message ?? ''].filter((one) => one !== '').join(' '),
    sinceMs: timeMs(condition, 'lastTransitionTime'),
    measures: { ...end?.measures, failed: numberAt(observed.status, ['failed']) },
  });
  return [{ jobUid: observed.uid, faults: [...ofPods.filter(({ mechanism }) => !programEnds.has(mechanism)), fault] }];
}

/** A condition with this status; null without one. */
export function conditionOf(status: JsonObject, type: string, value: string): JsonObject | null {
  return (
    list(at({ status }, 'status'), 'conditions').find(
      (entry) => text(entry, 'type') === type && text(entry, 'status') === value,
    ) ?? null
  );
}
