/**
 * Whether the alerting services show any harm in their own telemetry. An alert on a service that answers as before is a false alarm, or is
 * about something that telemetry does not show. Then nothing that moved elsewhere explains it.
 */
import { countsBySlice, levelDispersion, shareDispersion, tailDispersion } from '../statistics/dispersion.ts';
import { histogramMeanUs, rankShiftZ, tailLimits, tailShiftZ } from '../statistics/durations.ts';
import { halfSeriesZ } from '../statistics/effect-size.ts';
import { certainty, twoProportionZ } from '../statistics/proportions.ts';
import { clamp } from '../statistics/robust.ts';
import { worseDirection } from '../vocabulary/metric-subject.ts';
import type { OperationComparison } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { failureZ, minFailures } from './worse.ts';

/** Nobody alerts on less than a tenth more time, or on less than a tenth of the calls that take another path. */
const leastGrowth = 0.1;
const leastShare = 0.1;
/** The z statistic of spans that counts half. */
const halfSpanZ = 4;

type Inputs = Pick<Comparison, 'input' | 'alerting' | 'operations' | 'patterns' | 'shifts' | 'windows'>;

/** 0: they answer as before. 1: they are surely slower, failing or work differently. 1 as well where nothing is known about them. */
export function symptomStrength(inputs: Inputs): number {
  const { alerting, input } = inputs;
  const own = inputs.operations.filter(({ service, kind }) => alerting.has(service) && kind !== 'client');
  const signs = [
    ...patternSigns(inputs),
    ...metricSigns(inputs),
    ...timeSigns(inputs, own),
    ...errorSigns(inputs, own),
  ];
  if (input.answer === null || signs.length === 0) return 1;
  const tests = signs.length;
  return signs.reduce((most, { z, half }) => Math.max(most, certainty(z, tests, half)), 0);
}

interface Sign {
  readonly z: number;
  readonly half: number;
}

function timeSigns({ windows }: Pick<Inputs, 'windows'>, operations: readonly OperationComparison[]): Sign[] {
  return operations.flatMap(({ before, during, rows }) => {
    if (before.calls === 0 || during.calls === 0) return [];
    const growth = histogramMeanUs(during.duration) / Math.max(1, histogramMeanUs(before.duration)) - 1;
    if (growth < leastGrowth) return [{ z: 0, half: halfSpanZ }];
    const slices = rows.map(({ slice, duration }) => ({ slice, histogram: duration }));
    const level = rankShiftZ(during.duration, before.duration) / Math.sqrt(levelDispersion(slices, windows));
    const tails = tailLimits(before.duration).map(
      (limit) =>
        tailShiftZ(during.duration, before.duration, limit) / Math.sqrt(tailDispersion(slices, windows, limit)),
    );
    return [{ z: Math.max(level, ...tails), half: halfSpanZ }];
  });
}

function errorSigns({ windows }: Pick<Inputs, 'windows'>, operations: readonly OperationComparison[]): Sign[] {
  return operations.flatMap((operation) => {
    const { before, during, rows } = operation;
    if (before.calls === 0 || during.calls === 0) return [];
    if (during.errors / during.calls - before.errors / before.calls < minFailures) return [];
    const slices = countsBySlice(rows, windows.length, ({ errors }) => errors);
    const z = failureZ(operation) / Math.sqrt(shareDispersion(slices.hits, slices.of, windows));
    return [{ z, half: halfSpanZ }];
  });
}

function patternSigns({ patterns, alerting }: Pick<Inputs, 'patterns' | 'alerting'>): Sign[] {
  return patterns.flatMap(({ service, before, during, dispersion }) => {
    if (!alerting.has(service) || before.of === 0 || during.of === 0) return [];
    if (Math.abs(during.spans / during.of - before.spans / before.of) < leastShare) return [];
    const counts = { hits: during.spans, n: during.of, baseHits: before.spans, baseN: before.of };
    return [{ z: Math.abs(twoProportionZ(counts)) / Math.sqrt(dispersion), half: halfSpanZ }];
  });
}

function metricSigns({ shifts, alerting }: Pick<Inputs, 'shifts' | 'alerting'>): Sign[] {
  return shifts.flatMap(({ subject, shift }) => {
    const direction = worseDirection(subject);
    if (direction === 0 || !alerting.has(shift.row.service)) return [];
    const grown = subject === 'success' ? Math.abs(shift.growth) > minFailures / 2 : shift.growth > leastGrowth;
    return [{ z: grown ? clamp(direction * shift.z, 0, 50) : 0, half: halfSeriesZ }];
  });
}
