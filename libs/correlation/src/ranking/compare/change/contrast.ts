/** A change held against what it did not touch, in the same minutes: older instances first, else other clusters. */
import type { Change } from '@faultline/model';
import type { Context } from '../comparison.ts';
import { type Contrast, contrastClusters } from './clusters.ts';
import { contrastVersions } from './versions.ts';

export function contrastChange(context: Context, change: Change, service: string): Contrast {
  const verdict = contrastVersions(context, change, service);
  if (verdict === 'unknown') return contrastClusters(context, change, service);
  const untouched = `instances of ${service} that it did not touch`;
  return { verdict, control: `${untouched} ${verdict === 'innocent' ? 'suffer no less' : 'are well'}` };
}
