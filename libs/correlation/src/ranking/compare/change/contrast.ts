/** A change compared with what it did not touch, in the same minutes: older instances first, else other clusters. */
import type { Change } from '@faultline/model';
import type { Comparison } from '../comparison.ts';
import { type ClusterContrast, contrastClusters } from './clusters.ts';
import { type ChangeVerdict, contrastVersions } from './versions.ts';

/** The verdict, and what it rests on. */
export interface Contrast {
  readonly verdict: ChangeVerdict;
  readonly service: string;
  /** Null where older instances decided, or nothing did. */
  readonly clusters: ClusterContrast | null;
}

type Inputs = Pick<Comparison, 'groups' | 'windows' | 'slices' | 'presence'>;

export function contrastChange(inputs: Inputs, change: Change, service: string): Contrast {
  const verdict = contrastVersions(inputs, change, service);
  if (verdict !== 'unknown') return { verdict, service, clusters: null };
  const clusters = contrastClusters(inputs, change, service);
  return { verdict: clusters?.verdict ?? 'unknown', service, clusters };
}
