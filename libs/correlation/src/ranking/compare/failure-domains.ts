/** Where instances run (node, zone), and how healthy they are there. */
import type { PresenceRow } from '@faultline/model';
import { keyOf } from '../rows/call-edge.ts';
import { isSilent, lastSignMs } from '../rows/presence.ts';
import type { Comparison } from './comparison.ts';
import { instanceHealth } from './instances.ts';
import { isReplaced, type ReplacedInputs } from './replaced.ts';

/** An instance with its failure domains. */
export interface PlacedInstance {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  /** 0 (healthy) to 1. An instance that fell silent while others go on sending has 1. */
  readonly impact: number;
}

export interface FailureDomain {
  readonly kind: 'node' | 'zone';
  readonly name: string;
  readonly instances: readonly PlacedInstance[];
}

/** From this impact on, anybody would call an instance unhealthy. */
export const unhealthyFrom = 0.3;
/** An instance that gave no sign of life for this long before the onset ended before this incident. */
const endedBeforeMs = 900_000;

/**
 * Instances that were alive shortly before the onset, sorted by service and name, without those that a rollout replaced. Empty where no
 * failure domain can be told from the rest.
 */
export function placedInstances(
  inputs: ReplacedInputs & Pick<Comparison, 'watermarks' | 'windows' | 'onset' | 'presence'>,
): PlacedInstance[] {
  const { watermarks, groups, windows, onset, presence } = inputs;
  if (watermarks === null || !hasDomains(presence)) return [];
  const health = new Map(
    instanceHealth(groups, windows).map(({ service, instance, impact }) => [keyOf(service, instance), impact]),
  );
  const recent = presence.filter((row) => row.instance !== '' && lastSignMs(row) >= onset.atMs - endedBeforeMs);
  const rows = [...Map.groupBy(recent, (row) => row.service)].flatMap(([service, own]) => {
    const { gone = [], left = [] } = Object.groupBy(own, (row) => (isSilent(row, watermarks) ? 'gone' : 'left'));
    return isReplaced(inputs, service, { gone, left }) === true ? left : own;
  });
  const placed = rows.map((row) => {
    const { service, instance, node, zone } = row;
    const impact = isSilent(row, watermarks) ? 1 : (health.get(keyOf(service, instance)) ?? 0);
    return { service, instance, node, zone, impact };
  });
  return placed.sort((a, b) => (keyOf(a.service, a.instance) < keyOf(b.service, b.instance) ? -1 : 1));
}

/** At least two nodes or two zones. */
function hasDomains(presence: readonly PresenceRow[]): boolean {
  const names = (pick: (row: PresenceRow) => string): Set<string> =>
    new Set(presence.map(pick).filter((name) => name !== ''));
  return names(({ node }) => node).size > 1 || names(({ zone }) => zone).size > 1;
}

/** Whether an instance runs on the node or in the zone of that name. */
export function isIn({ node, zone }: PlacedInstance, domain: string): boolean {
  return node === domain || zone === domain;
}
