/** Refuting tests of added time: another service's share of it, or the other end of a slow call edge. */
import type { LatencyAttribution } from '../../compare/attribution/attribution.ts';
import type { EdgeComparison } from '../../compare/calls.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatPercent } from '../../finding/format.ts';
import type { RefutationInputs } from '../../finding/kind.ts';
import { notRun, type Refutation, refuted, survived } from '../../finding/refutation.ts';
import { histogramMeanUs, rankShiftZ } from '../../statistics/durations.ts';
import { otherCallees, otherCallers } from './neighbour.ts';

/** All added time is attributed, so what is not at this service is at another. */
export function timeElsewhere(
  { attribution }: Pick<RefutationInputs, 'attribution'>,
  { service }: Pick<Finding, 'service'>,
): Refutation {
  const test = `if it were not ${service}, another service would have more of the added time`;
  const shares = addedByService(attribution);
  const own = shares.get(service) ?? 0;
  const [other, most] = [...shares].filter(([name]) => name !== service).sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  const here = `${formatPercent(own / attribution.totalUs)} of it is at ${service}`;
  if (most <= 0) return survived(test, `${here}, and none anywhere else`);
  const there = `${formatPercent(most / attribution.totalUs)} at ${other}`;
  return own >= most ? survived(test, `${here}, at most ${there}`) : refuted(test, `${here}, but ${there}`);
}

function addedByService({ self, network, uninstrumented }: LatencyAttribution): Map<string, number> {
  const sums = new Map<string, number>();
  for (const part of [self, network, uninstrumented])
    for (const [service, { addedUs }] of part) sums.set(service, (sums.get(service) ?? 0) + Math.max(0, addedUs));
  return sums;
}

/** The other calls of the end that is not blamed tell whether that end is slow. */
export function otherEnd(
  inputs: Pick<RefutationInputs, 'edges'>,
  { service, edge }: Pick<Finding, 'service' | 'edge'>,
): Refutation {
  const { caller, callee } = edge ?? { caller: '', callee: '' };
  const isCallee = service === callee;
  const test = isCallee
    ? `if it were ${caller}'s end, its other calls would take longer on the way as well`
    : `if it were ${callee}'s end, its other callers would wait longer as well`;
  const beside = isCallee ? otherCallees : otherCallers;
  const others = beside(inputs, { caller, callee }).filter(isTimed);
  if (others.length === 0)
    return notRun(
      test,
      isCallee ? `${caller} calls nothing else that tells its own time` : `only ${caller} calls ${callee}`,
    );
  const late = others.filter(waitsLonger).length;
  const how = `${late} of ${others.length} do`;
  return late * 2 < others.length ? survived(test, how) : refuted(test, how);
}

function isTimed({ before, during }: EdgeComparison): boolean {
  return before.inner.length > 0 && during.inner.length > 0;
}

/** People call it slower from about a quarter on, and three standard deviations are seldom chance. */
function waitsLonger({ before, during }: EdgeComparison): boolean {
  const growth = histogramMeanUs(during.inner) / Math.max(1, histogramMeanUs(before.inner)) - 1;
  return growth > 0.25 && rankShiftZ(during.inner, before.inner) > 3;
}
