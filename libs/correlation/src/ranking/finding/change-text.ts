/** Texts about changes, for findings and for the list of changes. */
import { type Change, faultTitle } from '@faultline/model';
import type { ClusterContrast } from '../compare/change/clusters.ts';
import type { Contrast } from '../compare/change/contrast.ts';
import type { FaultContrast } from '../compare/change/faulted.ts';
import { slackMs } from '../compare/change/timing.ts';
import { formatSeconds } from './format.ts';

/** When a change was made. Within the slack the order is not known, so the text does not say one. */
export function whenText({ startedAtMs }: Change, onsetMs: number, event = 'the onset'): string {
  if (startedAtMs >= onsetMs && startedAtMs <= onsetMs + slackMs) return `right at ${event}`;
  return `${formatSeconds(onsetMs - startedAtMs)} ${startedAtMs <= onsetMs ? 'before' : 'after'} ${event}`;
}

/** What the control group shows; empty where there is none. */
export function controlText({ verdict, service, clusters, fault = null }: Contrast): string {
  if (fault !== null) return faultControlText(fault);
  if (clusters !== null) return clusterText(service, clusters);
  if (verdict === 'unknown') return '';
  const untouched = `instances of ${service} without the change`;
  return `${untouched} ${verdict === 'innocent' ? 'are affected as well' : 'are healthy'}`;
}

function faultControlText({ verdict, fault, isBeside = false }: FaultContrast): string {
  if (verdict === 'guilty') return `${faultTitle(fault)} since then`;
  return `${faultTitle(fault)}, ${isBeside ? 'which it cannot make' : 'before it was made'}`;
}

function clusterText(service: string, { control, here, others }: ClusterContrast): string {
  const elsewhere = `${service} in cluster ${others.join(', ')}`;
  switch (control) {
    case 'others-suffer-too':
      return `${elsewhere}, where it was not made, is affected as well`;
    case 'changed-one-is-healthy':
      return `${service} in cluster ${here}, where it was made, is healthy`;
    case 'others-run-same-release':
      return `${elsewhere} is healthy with the same release`;
    case 'others-are-healthy':
      return `${elsewhere}, where it was not made, is healthy`;
  }
}
