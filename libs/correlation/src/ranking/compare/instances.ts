/** How healthy each instance is: whether it became slower or fails by its own doing. */
import type { Histogram } from '@faultline/model';
import type { Window } from '../input/window.ts';
import { keyOf } from '../rows/call-edge.ts';
import type { Groups } from '../rows/group.ts';
import { histogramMeanUs, rankShiftZ } from '../statistics/durations.ts';
import { halfGrowth } from '../statistics/effect-size.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { significance } from '../statistics/proportions.ts';
import { type CallStats, sumWindow } from './calls.ts';

export interface InstanceHealth {
  readonly service: string;
  readonly instance: string;
  /** 0: unchanged. 1: surely far slower, or surely failing. */
  readonly impact: number;
}

/** With fewer calls, an instance is compared with the past of its whole service. */
const fewCalls = 5;

/** Every instance that served in the incident window, sorted by service and name. */
export function instanceHealth(
  { operations }: Pick<Groups, 'operations'>,
  windows: readonly Window[],
): InstanceHealth[] {
  const worst = new Map<string, InstanceHealth>();
  for (const { service, kind, rows } of operations) {
    if (kind === 'client' || kind === 'producer' || !rows.some(({ slice }) => windows[slice] === 'incident')) continue;
    const inner = (row: { self: Histogram }): Histogram => row.self;
    for (const [instance, own] of Map.groupBy(rows, (row) => row.instance)) {
      const during = sumWindow(own, windows, { window: 'incident', inner });
      let before = sumWindow(own, windows, { window: 'baseline', inner });
      if (before.calls < fewCalls) before = sumWindow(rows, windows, { window: 'baseline', inner });
      if (instance === '' || during.calls === 0 || before.calls === 0) continue;
      const key = keyOf(service, instance);
      const impact = Math.max(slowness(before, during), failing(before, during));
      if (impact >= (worst.get(key)?.impact ?? 0)) worst.set(key, { service, instance, impact });
    }
  }
  return [...worst].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, health]) => health);
}

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
