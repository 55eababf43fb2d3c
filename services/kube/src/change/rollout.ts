/** How far a workload's rollout is, from its status. Pure. The rules are those of `kubectl rollout status`. */
import type { Rollout } from '@faultline/model';
import { isTrue, type JsonObject, list, numberAt, text } from '../api/json.ts';
import type { ObservedObject } from '../decode/object.ts';

/** Null for kinds that do not roll out. `atMs` is when this was observed. */
export function rolloutOf(observed: ObservedObject, atMs: number): Rollout | null {
  switch (observed.reference.kind) {
    case 'Deployment':
    case 'Rollout':
      return { ...deploymentRollout(observed), atMs };
    case 'StatefulSet':
      return { ...statefulSetRollout(observed), atMs };
    case 'DaemonSet':
      return { ...daemonSetRollout(observed), atMs };
    default:
      return null;
  }
}

type State = Omit<Rollout, 'atMs'>;

function deploymentRollout(observed: ObservedObject): State {
  const { body, status } = observed;
  const desired = numberAt(body, ['spec', 'replicas'], 1);
  const counts = {
    updated: numberAt(status, ['updatedReplicas']),
    available: numberAt(status, ['availableReplicas']),
    desired,
  };
  const progressing = list(status, 'conditions').find((entry) => text(entry, 'type') === 'Progressing');
  const reason = progressing === undefined ? '' : text(progressing, 'reason');
  if (isTrue(body, 'spec', 'paused')) return { ...counts, state: 'paused', reason: 'DeploymentPaused' };
  if (!isObserved(observed)) return { ...counts, state: 'progressing', reason: '' };
  if (reason === 'ProgressDeadlineExceeded') return { ...counts, state: 'stuck', reason };
  const isDone =
    counts.updated >= desired && numberAt(status, ['replicas']) <= counts.updated && counts.available >= counts.updated;
  return { ...counts, state: isDone ? 'complete' : 'progressing', reason };
}

function statefulSetRollout(observed: ObservedObject): State {
  const { body, status } = observed;
  const desired = numberAt(body, ['spec', 'replicas'], 1);
  const partition = numberAt(body, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']);
  const counts = {
    updated: numberAt(status, ['updatedReplicas']),
    available: numberAt(status, ['readyReplicas']),
    desired,
  };
  const revision = text(status, 'updateRevision');
  const isWhole = revision !== '' && text(status, 'currentRevision') === revision;
  const isUpdated = counts.updated >= desired - partition || isWhole;
  const isDone = isObserved(observed) && counts.available >= desired && isUpdated;
  return { ...counts, state: isDone ? 'complete' : 'progressing', reason: '' };
}

function daemonSetRollout(observed: ObservedObject): State {
  const { status } = observed;
  const desired = numberAt(status, ['desiredNumberScheduled']);
  const counts = {
    updated: numberAt(status, ['updatedNumberScheduled']),
    available: numberAt(status, ['numberAvailable']),
    desired,
  };
  const isDone = isObserved(observed) && counts.updated >= desired && counts.available >= desired;
  return { ...counts, state: isDone ? 'complete' : 'progressing', reason: '' };
}

/** Before the controller has seen this generation, its status speaks of an earlier one. */
function isObserved({ generation, status }: ObservedObject): boolean {
  return numberAt(status, ['observedGeneration']) >= generation;
}

/** The pod template, whose change is a rollout. */
export function templateOf(body: JsonObject): JsonObject | null {
  const { spec } = body;
  if (typeof spec !== 'object' || spec === null || !('template' in spec)) return null;
  const { template } = spec;
  return typeof template === 'object' && template !== null && !Array.isArray(template)
    ? (template as JsonObject)
    : null;
}
