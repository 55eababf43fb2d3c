/**
 * Faults whose cause is in the alert's own workload, as a cluster reports them. Two alerts that each have one need no common cause.
 * See docs/adr/0050-own-faults.md.
 */
import type { ObjectReference, WorkloadFinding } from '@faultline/model';
import { alertedFaultKeys, faultKeys, isAboutFault } from '../ranking/input/alerted-fault.ts';
import { originOf } from '../ranking/vocabulary/fault-mechanism.ts';
import { identityOf } from '../release/identity.ts';
import type { AlertState, ScopeState } from '../state/state.ts';

export interface OwnFault {
  /** The names by which the call graph may know what has the fault. */
  readonly services: readonly string[];
  /** `cluster/namespace`. */
  readonly namespace: string;
  /** What the fault rests on: objects, images, the change and its commit. Two faults that share one may have one cause. */
  readonly basis: readonly string[];
}

/** A change this long before a fault may have made it. Rollouts that fail do so within minutes. */
const recentChangeMs = 30 * 60_000;
/** Clocks of a cluster differ, and probes need some time before they show. */
const slackMs = 120_000;

/** The faults of the alert's own workload that were there when it began. Empty: its cause may be anywhere. */
export function ownFaultsOf(state: ScopeState, alert: AlertState): readonly OwnFault[] {
  return findingsAbout(state, alert)
    .filter((finding) => isAt(finding, alert.startsAtMs) && isOwn(finding))
    .map((finding) => ({
      services: [finding.entities.service, finding.entities.workload].filter((name) => name !== undefined),
      namespace: `${finding.entities.cluster ?? ''}/${finding.object.namespace}`,
      basis: basisOf(state, finding),
    }));
}

/** Whether nothing that two sets of faults rest on is the same. A namespace is often one product, so sharing it is enough. */
export function areUnrelated(faults: readonly OwnFault[], others: readonly OwnFault[]): boolean {
  const keysOf = ({ namespace, basis }: OwnFault) => [`namespace:${namespace}`, ...basis];
  const known = new Set(faults.flatMap(keysOf));
  return !others.flatMap(keysOf).some((key) => known.has(key));
}

function findingsAbout(state: ScopeState, alert: AlertState): WorkloadFinding[] {
  if (state.findings.size === 0) return [];
  state.findingsByKey ??= indexFindings(state.findings);
  const ids = new Set(alertedFaultKeys(alert).flatMap((key) => state.findingsByKey?.get(key) ?? []));
  return [...ids]
    .sort()
    .flatMap((id) => state.findings.get(id) ?? [])
    .filter((finding) => isOfCluster(finding, alert) && isAboutFault(alert, finding));
}

function indexFindings(findings: ScopeState['findings']): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const finding of findings.values())
    for (const key of faultKeys(finding)) {
      const ids = index.get(key);
      if (ids === undefined) index.set(key, [finding.id]);
      else ids.push(finding.id);
    }
  return index;
}

function isOfCluster({ entities: { cluster } }: WorkloadFinding, { entities }: AlertState): boolean {
  return cluster === undefined || (entities.cluster ?? cluster) === cluster;
}

function isAt({ sinceMs, endedAtMs }: WorkloadFinding, atMs: number): boolean {
  return sinceMs <= atMs + slackMs && (endedAtMs === null || endedAtMs >= atMs - slackMs);
}

function isOwn(finding: WorkloadFinding): boolean {
  const origin = originOf(finding.mechanism);
  return origin === 'own' || (origin === 'either' && followsOwnChange(finding));
}

/** Whether an object of its own namespace was changed right before it. */
function followsOwnChange({ object, sinceMs, changedBy }: WorkloadFinding): boolean {
  if (changedBy === null || object.namespace === '' || changedBy.object.namespace !== object.namespace) return false;
  return changedBy.atMs <= sinceMs + slackMs && changedBy.atMs >= sinceMs - recentChangeMs;
}

function basisOf(state: ScopeState, finding: WorkloadFinding): readonly string[] {
  const { object, target, targetKey, mechanism, entities, changedBy } = finding;
  const cluster = entities.cluster ?? '';
  const objects = [object, target, changedBy?.object ?? null].filter((one) => one !== null);
  const change = changedBy === null ? undefined : state.changes.get(changedBy.changeId);
  return [
    ...new Set(objects.map((one) => objectKey(one, cluster))),
    ...(mechanism.startsWith('image-') && targetKey !== '' ? [`reference:${targetKey}`] : []),
    ...(changedBy === null ? [] : [`change:${changedBy.changeId}`]),
    ...(change === undefined ? [] : identityOf(change).strong),
  ];
}

function objectKey({ kind, namespace, name }: ObjectReference, cluster: string): string {
  return `object:${cluster}/${kind}/${namespace}/${name}`;
}
