import type { WorkloadFinding } from '@faultline/model';
import { takeFinding } from '../take-finding.ts';
import { played, stepOf } from './played.ts';
import { originMs, type Player } from './player.ts';
import { newFinding } from './record.ts';

const minuteMs = 60_000;

/** A Secret that is missing for the Deployment `name` of the namespace `shop-NAME`. It began a minute before the first alert. */
export function ownFault(name: string, over: Partial<WorkloadFinding> = {}): WorkloadFinding {
  const namespace = `shop-${name}`;
  return newFinding({
    id: name,
    object: { kind: 'Deployment', namespace, name },
    target: { kind: 'Secret', namespace, name },
    entities: { service: name, workload: name, namespace, cluster: 'east' },
    sinceMs: originMs - minuteMs,
    ...over,
  });
}

/** The machine after these faults and lines. */
export function playedWithFaults(faults: readonly WorkloadFinding[], ...lines: readonly string[]): Player {
  const player = played(...lines);
  for (const fault of faults) takeFinding(stepOf(player), fault);
  return player;
}
