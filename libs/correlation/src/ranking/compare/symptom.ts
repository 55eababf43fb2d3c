/**
 * Whether the services that alert show any harm in their own telemetry. An alert on a service that answers as ever is a false alarm, or
 * tells of what telemetry does not show: then whatever moved elsewhere explains nothing.
 */

import { levelDispersion, shareDispersion, tailDispersion } from '../statistics/dispersion.ts';
import { halfSeriesZ } from '../statistics/effect-size.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import {
  certainty,
  clamp,
  histogramMeanUs,
  rankShiftZ,
  tailLimits,
  tailShiftZ,
  twoProportionZ,
} from '../statistics/statistics.ts';
import { countsBySlice, type OperationPair } from './calls.ts';
import type { Context } from './comparison.ts';

/** A tenth more time, two more failures in a hundred, a tenth of the calls taking another way: less is not harm that anyone alerts on. */
const leastGrowth = 0.1;
const leastFailures = 0.02;
const leastShare = 0.1;

/** 0: they answer as ever; 1: they are surely slower, failing, or do their work another way. 1 as well when nothing is known of them. */
export function symptomStrength(context: Context): number {
  const { alerting, input } = context;
  const own = context.operations.filter(({ service, kind }) => alerting.has(service) && kind !== 'client');
  const signs = [
    ...timeSigns(context, own),
    ...errorSigns(context, own),
    ...stepSigns(context),
    ...metricSigns(context),
  ];
  if (input.answer === null || signs.length === 0) return 1;
  const tests = signs.length;
  return signs.reduce((most, { z, half }) => Math.max(most, certainty(z, tests, half)), 0);
}

interface Sign {
  readonly z: number;
  readonly half: number;
}

const spanHalf = 4;

function timeSigns({ sides }: Context, operations: readonly OperationPair[]): Sign[] {
  return operations.flatMap(({ before, during, rows }) => {
    if (before.calls === 0 || during.calls === 0) return [];
    const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
    if (growth < leastGrowth) return [{ z: 0, half: spanHalf }];
    const slices = rows.map(({ slice, duration }) => ({ slice, histogram: duration }));
    const level = rankShiftZ(during.duration, before.duration) / Math.sqrt(levelDispersion(slices, sides));
    const tails = tailLimits(before.duration).map(
      (limit) => tailShiftZ(during.duration, before.duration, limit) / Math.sqrt(tailDispersion(slices, sides, limit)),
    );
    return [{ z: Math.max(level, ...tails), half: spanHalf }];
  });
}

function errorSigns({ sides }: Context, operations: readonly OperationPair[]): Sign[] {
  return operations.flatMap(({ before, during, rows }) => {
    if (before.calls === 0 || during.calls === 0) return [];
    const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
    if (during.errors / during.calls - before.errors / before.calls < leastFailures) return [];
    const slices = countsBySlice(rows, sides.length, ({ errors }) => errors);
    return [{ z: exactShareZ(counts) / Math.sqrt(shareDispersion(slices.hits, slices.of, sides)), half: spanHalf }];
  });
}

function stepSigns({ steps, alerting }: Context): Sign[] {
  return steps.flatMap(({ service, before, during, dispersion }) => {
    if (!alerting.has(service) || before.of === 0 || during.of === 0) return [];
    if (Math.abs(during.spans / during.of - before.spans / before.of) < leastShare) return [];
    const counts = { hits: during.spans, n: during.of, baseHits: before.spans, baseN: before.of };
    return [{ z: Math.abs(twoProportionZ(counts)) / Math.sqrt(dispersion), half: spanHalf }];
  });
}

const badDirection: Readonly<Record<string, number>> = { latency: 1, errors: 1, success: -1 };

function metricSigns({ shifts, alerting }: Context): Sign[] {
  return shifts.flatMap(({ subject, shift }) => {
    const sign = badDirection[subject] ?? 0;
    if (sign === 0 || !alerting.has(shift.row.service)) return [];
    const grown = subject === 'success' ? Math.abs(shift.growth) > leastFailures / 2 : shift.growth > leastGrowth;
    return [{ z: grown ? clamp(sign * shift.z, 0, 50) : 0, half: halfSeriesZ }];
  });
}
