/** Refuting tests of added time: somebody else's share of it, or the other end of a slow way. */

import type { TimeLedger } from '../../compare/attribution/added-time.ts';
import type { EdgePair } from '../../compare/calls.ts';
import { formatPercent } from '../../finding/format.ts';
import { notRun, type RefutingTest, refuted, survived } from '../../finding/refutation.ts';
import { histogramMeanUs, rankShiftZ } from '../../statistics/statistics.ts';
import { otherCallees, otherCallers } from './neighbour.ts';

/** Added time is divided up without rest: what is not here is elsewhere. */
export const timeElsewhere: RefutingTest = ({ context, lead: { service } }) => {
  const test = `if it were not ${service}, another service would have more of the added time`;
  const shares = addedByService(context.ledger);
  const own = shares.get(service) ?? 0;
  const [other, most] = [...shares].filter(([name]) => name !== service).sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  const here = `${formatPercent(own / context.ledger.totalUs)} of it is at ${service}`;
  if (most <= 0) return survived(test, `${here}, and none anywhere else`);
  const there = `${formatPercent(most / context.ledger.totalUs)} at ${other}`;
  return own >= most ? survived(test, `${here}, at most ${there}`) : refuted(test, `${here}, but ${there}`);
};

function addedByService({ self, gap, silent }: TimeLedger): Map<string, number> {
  const sums = new Map<string, number>();
  for (const part of [self, gap, silent])
    for (const [service, { addedUs }] of part) sums.set(service, (sums.get(service) ?? 0) + Math.max(0, addedUs));
  return sums;
}

/** A way has two ends: the other calls of the end that is not blamed tell whether it is slow itself. */
export const otherEnd: RefutingTest = ({ context, lead }) => {
  const { service } = lead;
  const [from = '', to = ''] = lead.entity.slice('edge:'.length).split(' -> ');
  const isCallee = service === to;
  const test = isCallee
    ? `if it were ${from}'s end, its other calls would take longer on the way as well`
    : `if it were ${to}'s end, its other callers would wait longer as well`;
  const others = (isCallee ? otherCallees(context, from, to) : otherCallers(context, from, to)).filter(isTimed);
  if (others.length === 0)
    return notRun(test, isCallee ? `${from} calls nothing else that tells its own time` : `only ${from} calls ${to}`);
  const late = others.filter(waitsLonger).length;
  const how = `${late} of ${others.length} do`;
  return late * 2 < others.length ? survived(test, how) : refuted(test, how);
};

function isTimed({ before, during }: EdgePair): boolean {
  return before.inner.length > 0 && during.inner.length > 0;
}

/** People call it slower from about a quarter on; what is told at three standard deviations is seldom chance. */
function waitsLonger({ before, during }: EdgePair): boolean {
  const growth = histogramMeanUs(during.inner) / Math.max(1, histogramMeanUs(before.inner)) - 1;
  return growth > 0.25 && rankShiftZ(during.inner, before.inner) > 3;
}
