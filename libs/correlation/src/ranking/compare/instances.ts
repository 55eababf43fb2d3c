/** How each instance fares, so that what instances share can be told: silent, slower or failing by its own doing. */

import type { Groups } from '../rows/group.ts';
import { halfGrowth } from '../statistics/effect-size.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { histogramMeanUs, rankShiftZ, significance } from '../statistics/statistics.ts';
import { type CallStats, type Side, sumSide } from './calls.ts';

export interface InstanceHealth {
  readonly service: string;
  readonly instance: string;
  /** 0: as ever; 1: far slower or failing, and surely so. */
  readonly harm: number;
}

export interface PlacedInstance {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  /** 0 well to 1 ill; an instance that fell silent while others go on sending is ill. */
  readonly harm: number;
}

/** Every instance that served before and since, sorted by service and name. Its past is its own, or the service's when it is new. */
export function instanceHealth({ operations }: Groups, sides: readonly Side[]): InstanceHealth[] {
  const worst = new Map<string, InstanceHealth>();
  for (const { service, kind, rows } of operations) {
    if (kind === 'client' || kind === 'producer' || !rows.some(({ slice }) => sides[slice] === true)) continue;
    const inner = (row: { self: CallStats['inner'] }): CallStats['inner'] => row.self;
    const byInstance = Map.groupBy(rows, ({ instance }) => instance);
    for (const [instance, own] of byInstance) {
      const during = sumSide(own, sides, { side: true, inner });
      let before = sumSide(own, sides, { side: false, inner });
      if (before.calls < fewCalls) before = sumSide(rows, sides, { side: false, inner });
      if (instance === '' || during.calls === 0 || before.calls === 0) continue;
      const key = `${service}\n${instance}`;
      const harm = Math.max(slowness(before, during), failing(before, during));
      if (harm >= (worst.get(key)?.harm ?? 0)) worst.set(key, { service, instance, harm });
    }
  }
  return [...worst].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, health]) => health);
}

const fewCalls = 5;

function slowness(before: CallStats, during: CallStats): number {
  const [was, is] = [histogramMeanUs(before.inner), histogramMeanUs(during.inner)];
  const growth = is / Math.max(1, was) - 1;
  return growth <= 0 ? 0 : (growth / (growth + halfGrowth)) * significance(rankShiftZ(during.inner, before.inner));
}

function failing(before: CallStats, during: CallStats): number {
  const counts = { hits: during.ownErrors, n: during.calls, baseHits: before.ownErrors, baseN: before.calls };
  const risen = during.ownErrors / during.calls - before.ownErrors / before.calls;
  return risen <= 0 ? 0 : Math.sqrt(Math.min(1, 2 * risen)) * significance(exactShareZ(counts));
}
