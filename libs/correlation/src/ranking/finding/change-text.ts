/** Texts about changes, for findings and for the list of changes. */
import type { Change } from '@faultline/model';
import type { ClusterContrast } from '../compare/change/clusters.ts';
import type { Contrast } from '../compare/change/contrast.ts';
import { slackMs } from '../compare/change/timing.ts';
import { formatSeconds } from './format.ts';

/** When a change was made. Within the slack the order is not known, so the text does not say one. */
export function whenText({ startedAtMs }: Change, onsetMs: number): string {
  if (startedAtMs >= onsetMs && startedAtMs <= onsetMs + slackMs) return 'just as the harm began';
  return `${formatSeconds(onsetMs - startedAtMs)} ${startedAtMs <= onsetMs ? 'before' : 'after'} the harm began`;
}

/** What the control group shows; empty where there is none. */
export function controlText({ verdict, service, clusters }: Contrast): string {
  if (clusters !== null) return clusterText(service, clusters);
  if (verdict === 'unknown') return '';
  const untouched = `instances of ${service} that it did not touch`;
  return `${untouched} ${verdict === 'innocent' ? 'suffer no less' : 'are well'}`;
}

function clusterText(service: string, { control, here, others }: ClusterContrast): string {
  const elsewhere = `${service} in cluster ${others.join(', ')}`;
  switch (control) {
    case 'others-suffer-too':
      return `${elsewhere}, where it was not made, suffers no less`;
    case 'changed-one-is-healthy':
      return `${service} in cluster ${here}, where it was made, is well`;
    case 'others-run-same-release':
      return `${elsewhere} is well with the same release`;
    case 'others-are-healthy':
      return `${elsewhere}, where it was not made, is well`;
  }
}
