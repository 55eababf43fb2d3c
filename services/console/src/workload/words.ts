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
} as const;
