/** The texts of the list and the page of workloads. */
import type { WorkloadHealth, WorkloadState } from '../api/types.ts';
import { count } from '../part/format.ts';

export const stateWords: Readonly<Record<WorkloadState, string>> = {
  failing: '● failing',
  'rolling-out': '◐ rolling out',
  warning: '▲ warning',
  'scaled-down': '○ scaled down',
  healthy: '✓ healthy',
};

export const rolloutMarks: Readonly<Record<string, string>> = {
  progressing: '◐ progressing',
  complete: '✓ complete',
  stuck: '● stuck',
  superseded: '○ superseded',
  paused: '‖ paused',
};

/** `2 of 3 pods`; kinds without a number of replicas have only the pods. */
export function podsText({ desired, pods }: Pick<WorkloadHealth, 'desired' | 'pods'>): string {
  return desired < 0 ? count(pods, 'pod') : `${pods} of ${count(desired, 'pod')}`;
}

/** What a value is compared with; the name of the other side follows. */
export const againstWords: Readonly<Record<string, string>> = {
  cluster: 'in',
  declared: 'as declared by',
  past: 'as set by',
};

/** Cores, in the way of Kubernetes: `250m`, `1.5`. Below zero: not set. */
export function coresText(cores: number): string {
  if (cores < 0) return '–';
  return cores < 1 ? `${Math.round(cores * 1000)}m` : String(Math.round(cores * 100) / 100);
}

const mib = 1024 * 1024;

/** Bytes, in the way of Kubernetes: `384Mi`, `1.5Gi`. Below zero: not set. */
export function memoryText(bytes: number): string {
  if (bytes < 0) return '–';
  return bytes < 1024 * mib ? `${Math.round(bytes / mib)}Mi` : `${Math.round((bytes / mib / 1024) * 100) / 100}Gi`;
}

export function totalText(total: number, isRead: boolean): string {
  return isRead ? count(total, 'workload') : 'Reading workloads…';
}

export const workloadWords = {
  reading: 'Reading the workload…',
  search: 'Search by name, namespace, service, team or image',
  none: 'No workload is known. Faultline reads a cluster when kube.enabled is set.',
  noMatch: 'No workload matches the search.',
  more: (hidden: number) => `${count(hidden, 'more workload')}: narrow the search to see them.`,
  nothingWrong: 'No fault is known, and no rollout is under way.',
  answer: 'What is wrong',
  faults: 'Faults',
  noFaults: 'None.',
  pastFaults: 'Faults that ended in the last day',
  field: 'Field',
  object: 'Object',
  refersTo: 'Refers to',
  pods: 'Pods',
  since: 'Since',
  until: 'Until',
  changedBy: 'Changed by',
  change: 'Change',
  reason: 'The cluster says',
  check: 'See it with kubectl',
  rollouts: 'Rollouts',
  noRollouts: 'None in the last seven days.',
  changes: 'Other changes',
  noChanges: 'None in the last seven days.',
  images: 'Images',
  incidents: 'Incidents',
  owner: 'Owner',
  runbook: 'Runbook',
  missing: 'Not read',
  ended: 'ended',
  differences: (paths: number) => count(paths, 'difference'),
  omitted: (paths: number) => `and ${paths} more`,
  absent: 'absent',
  somebody: 'somebody',
  drift: 'Drift',
  risk: (risk: string) => `risk ${risk}`,
  sinceThen: (time: string) => `since ${time}`,
  by: (actor: string) => `by ${actor}`,
  accepted: (actor: string, until: string) => `accepted by ${actor}${until === '' ? '' : ` until ${until}`}`,
  acceptDialog: 'Accept…',
  acceptReason: 'Why it may stay',
  acceptUntil: 'Until',
  acceptName: 'Your name',
  accept: 'Accept',
  acceptSent: 'Accepted. The list follows in a few seconds.',
  repair: 'Repair it',
  hidden: 'a secret value',
  requests: 'Requests and use',
  request: 'Request',
  limit: 'Limit',
  used: 'Used p95 / most',
  recommended: 'Recommended',
  cpu: 'CPU',
  memory: 'Memory',
  throttled: (share: string) => `throttled in ${share} of its periods`,
  oomKills: (kills: number) => `killed ${count(kills, 'time')} for memory`,
} as const;
