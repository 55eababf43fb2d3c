/** A change compared with what it did not touch, in the same minutes: the faults that a cluster reports first, then older instances, else other clusters. */
import type { Change } from '@faultline/model';
import type { Comparison } from '../comparison.ts';
import { contrastCanary } from './canary.ts';
import { type ClusterContrast, contrastClusters } from './clusters.ts';
import { contrastFaults, type FaultContrast } from './faulted.ts';
import { type ChangeVerdict, contrastVersions } from './versions.ts';

/** The verdict, and what it rests on. */
export interface Contrast {
  readonly verdict: ChangeVerdict;
  readonly service: string;
  /** Null where older instances decided, or nothing did. */
  readonly clusters: ClusterContrast | null;
  /** The fault that decided, as a cluster reports it. Null or left out: something else did. */
  readonly fault?: FaultContrast | null;
}

export type ContrastInputs = Pick<
  Comparison,
  'groups' | 'windows' | 'slices' | 'presence' | 'input' | 'shifts' | 'onset'
>;

/** Calls tell more than metrics do. A configuration change replaces no instance, so only a release has a canary. */
export function contrastChange(inputs: ContrastInputs, change: Change, service: string): Contrast {
  const fault = contrastFaults(inputs, change, service);
  if (fault !== null) return { verdict: fault.verdict, service, clusters: null, fault };
  const byCalls = contrastVersions(inputs, change, service);
  const verdict = byCalls === 'unknown' && change.kind === 'deploy' ? contrastCanary(inputs, change, service) : byCalls;
  if (verdict !== 'unknown') return { verdict, service, clusters: null };
  const clusters = contrastClusters(inputs, change, service);
  return { verdict: clusters?.verdict ?? 'unknown', service, clusters };
}
