/** What goes on in a cluster besides: innocent rollouts and changes, and pods that fail in other namespaces, beside the fault where nobody calls them, or one of many. */
import type { Random } from '../random/random.ts';
import { type Cluster, type Draft, iso } from './cluster.ts';
import { replacePods, rollOut, service, type Template, type WorkloadName } from './workload.ts';

const minuteMs = 60_000;

/** A rollout that goes well, minutes before the fault. */
export function innocentRollout(cluster: Cluster, of: WorkloadName, atMs: number): void {
  const template: Template = { image: `${of.name}:2` };
  rollOut(cluster, of, template, { atMs, manager: 'helm' });
}

/** A change of the faulted service itself that does it no harm: a budget, an autoscaler, or a label of its Service. */
export function innocentChange(cluster: Cluster, of: WorkloadName, random: Random, atMs: number): void {
  const metadata = { namespace: of.namespace, name: `${of.name}-extra` };
  const selector = { matchLabels: { app: of.name } };
  const scaleTargetRef = { kind: 'Deployment', name: of.name };
  const drafts: readonly (readonly [string, Draft])[] = [
    ['PodDisruptionBudget', { metadata, spec: { minAvailable: 1, selector } }],
    ['HorizontalPodAutoscaler', { metadata, spec: { minReplicas: 3, maxReplicas: 9, scaleTargetRef } }],
    ['Service', { ...service(of), metadata: { namespace: of.namespace, name: of.name, labels: { tier: 'a' } } }],
  ];
  const [kind, draft] = random.pick(drafts);
  cluster.put(kind, draft, { atMs, manager: 'kustomize-controller' });
}

/** Pods that crash, cannot be pulled or lack their ConfigMap: for hours, or since minutes. */
export function failingElsewhere(
  cluster: Cluster,
  of: WorkloadName,
  random: Random,
  { atMs, most }: { readonly atMs: number; readonly most: number },
): void {
  const states = [
    { waiting: { reason: 'CrashLoopBackOff' } },
    { waiting: { reason: 'ErrImagePull', message: 'manifest unknown' } },
    { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "x" not found' } },
  ];
  const state = random.pick(states);
  const ended = { lastState: { terminated: { reason: 'Error', exitCode: 1, finishedAt: iso(atMs) } } };
  const status = {
    phase: 'Pending',
    containerStatuses: [{ name: of.name, ready: false, restartCount: 9, state, ...ended }],
  };
  const [from, to] = [1, 1];
  replacePods(cluster, of, { template: {}, state: { status }, count: random.int(1, most), from, to, atMs });
}

/** When a decoy happens: most long before, some in the minutes before the fault. */
export function decoyTimeMs(random: Random, faultMs: number): number {
  const agoMinutes = random.chance(0.6) ? random.int(20, 110) : random.int(2, 19);
  return faultMs - agoMinutes * minuteMs;
}
