/** How a workload is now, and the one sentence that says why its rollout does not finish. Pure. */
import { faultText, type WorkloadFinding } from '@faultline/model';
import { byExplanation, isWarning } from './finding.ts';
import type { KnownPod, KnownWorkload, OpenRollout } from './known-workload.ts';
import type { WorkloadPlace, WorkloadReadModel } from './read-model.ts';
import type { workloadStates } from './requests.ts';

export type WorkloadState = (typeof workloadStates)[number];

export interface WorkloadStatus {
  readonly workload: KnownWorkload;
  readonly state: WorkloadState;
  /** Null: not known. */
  readonly sinceMs: number | null;
  /** Present ones, the one that explains the others first. */
  readonly findings: readonly WorkloadFinding[];
  /** Those that exist, and those that ended within a day. */
  readonly pods: readonly KnownPod[];
  readonly service: string;
}

/** Puts together what is known of a workload. */
export function statusOf(model: WorkloadReadModel, workload: KnownWorkload): WorkloadStatus {
  const place = placeOf(workload);
  const findings = model
    .findings(place)
    .filter((finding) => isOf(finding, workload))
    .sort(byExplanation);
  const pods = model.pods(place);
  return { workload, findings, pods, service: serviceOf(workload, pods, findings), ...stateOf(workload, findings) };
}

export function placeOf({ scope, cluster, object }: KnownWorkload): WorkloadPlace {
  return { tenant: scope.tenant, cluster, namespace: object.namespace, name: object.name };
}

const workloadKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Rollout',
]);

/** A CronJob and a Deployment of one name share a place. A fault of a Service or a claim is of both. */
function isOf({ object }: WorkloadFinding, { object: { kind, name } }: KnownWorkload): boolean {
  return !workloadKinds.has(object.kind) || object.name !== name || object.kind === kind;
}

function serviceOf(workload: KnownWorkload, [pod]: readonly KnownPod[], [finding]: readonly WorkloadFinding[]): string {
  return pod?.service || finding?.entities.service || workload.object.name;
}

function stateOf(
  { rollout, replicas, changedAtMs }: KnownWorkload,
  findings: readonly WorkloadFinding[],
): Pick<WorkloadStatus, 'state' | 'sinceMs'> {
  const failing = findings.filter((finding) => !isWarning(finding));
  if (failing.length > 0) return { state: 'failing', sinceMs: earliest(failing) };
  if (rollout !== null) return { state: 'rolling-out', sinceMs: rollout.startedAtMs };
  if (findings.length > 0) return { state: 'warning', sinceMs: earliest(findings) };
  if (replicas === 0) return { state: 'scaled-down', sinceMs: changedAtMs || null };
  return { state: 'healthy', sinceMs: null };
}

function earliest(findings: readonly WorkloadFinding[]): number {
  return Math.min(...findings.map(({ sinceMs }) => sinceMs));
}

/** Empty: nothing is wrong, and nothing rolls out. */
export function answerText({ workload: { rollout }, findings }: WorkloadStatus): string {
  const [first] = findings;
  if (rollout === null) return first === undefined ? '' : `${faultText(first)}.`;
  const begun = `The rollout that ${rollout.actor || 'somebody'} began at ${clockText(rollout.startedAtMs)}`;
  if (rollout.state === 'paused') return `${begun} is paused: ${progressText(rollout)}.`;
  if (first !== undefined && !isWarning(first)) return `${begun} does not finish: ${faultText(first)}.`;
  if (rollout.state === 'stuck') return `${begun} is stuck (${rollout.reason}): ${progressText(rollout)}.`;
  return `${begun} goes on: ${progressText(rollout)}. No fault is known.`;
}

function progressText({ updated, available, desired }: OpenRollout): string {
  return `${updated} of ${desired} pods are updated, ${available} are available`;
}

/** `12:03 UTC`. */
function clockText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
}
