/** Workloads, faults and changes as the API sends them: proto3 JSON with the fields of protos/faultline/v1/workload.proto. */
import {
  type Change,
  type ClusterChange,
  faultOfFinding,
  faultText,
  type Ownership,
  type WorkloadFinding,
} from '@faultline/model';
import { rfc3339, rfc3339OrNull } from '../api/json-value.ts';
import { faultJson } from '../incident/json.ts';
import { checkCommand } from './finding.ts';
import type { WorkloadStatus } from './health.ts';
import type { KnownPod } from './known-workload.ts';

/** A workload of a list. */
export function summaryJson(status: WorkloadStatus, owner: Ownership | null) {
  const { workload, findings, service } = status;
  return {
    workload: { cluster: workload.cluster, object: { ...workload.object } },
    environment: workload.scope.environment,
    service,
    team: owner?.team ?? '',
    health: healthJson(status),
    images: workload.images.map((image) => ({ ...image })),
    problem: findings[0] === undefined ? '' : faultText(findings[0]),
    findings: findings.length,
    lastChangedAt: rfc3339OrNull(workload.changedAtMs || null),
  };
}

function healthJson({ workload, state, sinceMs, pods, findings }: WorkloadStatus) {
  return {
    state,
    desired: workload.replicas ?? -1,
    pods: pods.filter(({ toMs }) => toMs === null).length,
    affected: Math.max(0, ...findings.map(({ affected }) => affected)),
    since: rfc3339OrNull(sinceMs),
  };
}

export function podJson({ name, node, fromMs, toMs }: KnownPod) {
  return { name, node, startedAt: rfc3339(fromMs), endedAt: rfc3339OrNull(toMs) };
}

/** A fault, and the change that may have made it where it is known. */
export function findingJson(finding: WorkloadFinding, change: Change | undefined) {
  return {
    fault: faultJson(faultOfFinding(finding)),
    cluster: finding.entities.cluster ?? '',
    environment: finding.scope.environment,
    reason: finding.reason,
    message: finding.message,
    checkCommand: checkCommand(finding),
    change: change === undefined ? null : changeJson(change),
  };
}

export function changeJson(change: Change) {
  return {
    id: change.id,
    source: change.source,
    kind: change.kind,
    environment: change.scope.environment,
    entities: { ...change.entities },
    summary: change.summary,
    actor: change.actor,
    startedAt: rfc3339(change.startedAtMs),
    endedAt: rfc3339OrNull(change.endedAtMs),
    version: change.version,
    previousVersion: change.previousVersion,
    url: change.url,
    clusterChange: clusterChangeJson(change.cluster ?? null),
  };
}

function clusterChangeJson(change: ClusterChange | null) {
  if (change === null) return null;
  const { object, images, paths, rollout, ...rest } = change;
  return {
    ...rest,
    object: { ...object },
    images: images.map((image) => ({ ...image })),
    paths: paths.map(({ path, from, to }) => ({ path, from: from ?? '', to: to ?? '' })),
    rollout: rollout === null ? null : rolloutJson(rollout),
  };
}

function rolloutJson({ atMs, ...rollout }: NonNullable<ClusterChange['rollout']>) {
  return { ...rollout, at: rfc3339(atMs) };
}
