/** What may show when the harm began: every service's durations, self times, errors, steps and metrics, slice by slice. */
import { type EvidenceAnswer, type Histogram, histogramCount, mergeHistograms, type SeriesRow } from '@faultline/model';
import type { Groups } from '../fold/groups.ts';
import { isOfNode, periodOf, subjectOf } from '../series.ts';
import { levelAndSpread, tailLimits } from '../statistics.ts';
import type { Signal } from './change-point.ts';

type Sums = { sums: Float64Array; counts: Float64Array };

/** A fifth of a standard deviation is the smallest effect that is called one (Cohen, 1988). */
const minEffect = 0.2;
/** Two failures in a hundred. */
const minErrorStep = 0.02;
const minStepShare = 0.1;

/** All signals, in the order of the groups. */
export function signalsOf(answer: EvidenceAnswer, groups: Groups, alertMs: number): Signal[] {
  const slices = answer.slices.length;
  const spanned = spannedServices(answer, groups, alertMs);
  return [
    ...timeSignals(groups, slices),
    ...errorSignals(groups, slices),
    ...stepSignals(groups),
    ...answer.series.flatMap((row) => (isSaidBySpans(row, spanned) ? [] : seriesSignal(row, answer.slices))),
  ];
}

/** Services that sent spans shortly before the alert or since. */
function spannedServices({ slices }: EvidenceAnswer, { operations }: Groups, alertMs: number): ReadonlySet<string> {
  const isLate = (slice: number): boolean => slice > 0 && (slices[slice]?.toMs ?? 0) > alertMs - lateMs;
  return new Set(operations.flatMap(({ service, rows }) => (rows.some(({ slice }) => isLate(slice)) ? [service] : [])));
}

const lateMs = 120_000;

/** Percentiles of an idle service hold their last value: of time and failures, spans tell more. */
function isSaidBySpans({ service, metric }: SeriesRow, spanned: ReadonlySet<string>): boolean {
  return spanned.has(service) && ['latency', 'errors', 'success'].includes(subjectOf(metric));
}

const emptySums = (slices: number): Sums => ({ sums: new Float64Array(slices), counts: new Float64Array(slices) });

/** One signal for each service and way of looking, over all its operations: scores of ranks may be added, durations may not. */
function timeSignals({ operations, edges, traced }: Groups, slices: number): Signal[] {
  const found = new Map<string, Sums>();
  const late = new Map<string, Sums>();
  const add = (key: string, rows: readonly Timed[]): void => {
    const sums = found.get(key) ?? emptySums(slices);
    found.set(key, sums);
    addScores(rows, sums);
    const tails = late.get(key) ?? emptySums(slices);
    late.set(key, tails);
    addTail(rows, tails);
  };
  for (const { service, kind, rows } of operations) {
    if (kind === 'client' || kind === 'producer') continue;
    add(
      `${service}\nself`,
      rows.map(({ slice, self }) => ({ slice, histogram: self })),
    );
    add(
      `${service}\ntotal`,
      rows.map(({ slice, duration }) => ({ slice, histogram: duration })),
    );
  }
  for (const { callee, rows } of edges)
    if (!traced.has(callee))
      add(
        `${callee}\nsilent`,
        rows.map(({ slice, duration }) => ({ slice, histogram: duration })),
      );
    else
      add(
        `${callee}\ngap`,
        rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
      );
  const serviceOf = (key: string): string => key.slice(0, key.indexOf('\n'));
  const levels = [...found].map(([key, sums]) => ({
    ...sums,
    service: serviceOf(key),
    variance: 1,
    minStep: minEffect,
    twoSided: false,
  }));
  const tails = [...late].flatMap(([key, sums]) =>
    total(sums.sums) < fewLate ? [] : [tailSignal(serviceOf(key), sums)],
  );
  return [...levels, ...tails];
}

/** A delay of every twentieth call is harm. */
const minTailStep = 0.05;
const fewLate = 3;
/** Enough calls of the baseline to tell its 95th percentile. */
const minBaseline = 20;

/** Calls in the far tail of the baseline: a delay that hits a part of the calls hardly moves their scores. */
function addTail(rows: readonly Timed[], { sums, counts }: Sums): void {
  const baseline = mergeHistograms(rows.filter(({ slice }) => slice === 0).map(({ histogram }) => histogram));
  if (histogramCount(baseline) < minBaseline) return;
  const [, far] = tailLimits(baseline);
  for (const { slice, histogram } of rows)
    for (const [bucket, count] of histogram) {
      counts[slice] = (counts[slice] ?? 0) + count;
      if (bucket > far) sums[slice] = (sums[slice] ?? 0) + count;
    }
}

interface Timed {
  readonly slice: number;
  readonly histogram: Histogram;
}

const scratch = new Float64Array(1024);

/**
 * Adds Savage scores (Annals of Math. Statistics 27, 1956): minus the log of the share of all calls that took longer. Mean and variance
 * are 1 whatever the distribution, a general slowing shows as well as a delay of a few calls, and one stuck call does not.
 */
function addScores(rows: readonly Timed[], { sums, counts }: Sums): void {
  let top = -1;
  let total = 0;
  for (const { histogram } of rows)
    for (const [bucket, count] of histogram) {
      const at = Math.min(bucket, scratch.length - 1);
      scratch[at] = (scratch[at] ?? 0) + count;
      total += count;
      if (at > top) top = at;
    }
  let seen = 0;
  for (let at = 0; at <= top; at++) {
    const count = scratch[at] ?? 0;
    if (count > 0) scratch[at] = -Math.log((total - seen - count / 2) / total);
    seen += count;
  }
  for (const { slice, histogram } of rows)
    for (const [bucket, count] of histogram) {
      sums[slice] = (sums[slice] ?? 0) + count * (scratch[Math.min(bucket, scratch.length - 1)] ?? 0);
      counts[slice] = (counts[slice] ?? 0) + count;
    }
  scratch.fill(0, 0, top + 1);
}

function errorSignals({ operations, edges, traced }: Groups, slices: number): Signal[] {
  const found = new Map<string, Sums>();
  const add = (service: string, rows: readonly { slice: number; calls: number; errors: number }[]): void => {
    if (!rows.some(({ errors }) => errors > 0)) return;
    const sums = found.get(service) ?? emptySums(slices);
    found.set(service, sums);
    addShares(
      rows.map(({ slice, calls, errors }) => ({ slice, hits: errors, of: calls })),
      sums,
    );
  };
  for (const { service, kind, rows } of operations) if (kind !== 'client' && kind !== 'producer') add(service, rows);
  for (const { callee, rows } of edges) if (!traced.has(callee)) add(callee, rows);
  return [...found].map(([service, sums]) => shareSignal(service, sums, { minStep: minErrorStep, twoSided: false }));
}

function addShares(rows: readonly { slice: number; hits: number; of: number }[], { sums, counts }: Sums): void {
  for (const { slice, hits, of } of rows) {
    sums[slice] = (sums[slice] ?? 0) + hits;
    counts[slice] = (counts[slice] ?? 0) + of;
  }
}

function shareSignal(service: string, sums: Sums, limits: Pick<Signal, 'minStep' | 'twoSided'>): Signal {
  const share = (total(sums.sums) + 1) / (total(sums.counts) + 2);
  return { ...sums, ...limits, service, variance: Math.min(0.25, share * (1 - share)) };
}

/** What hardly ever happens hardly wanders: a small effect of its own spread. */
function tailSignal(service: string, sums: Sums): Signal {
  const signal = shareSignal(service, sums, { minStep: minTailStep, twoSided: false });
  return { ...signal, drift: Math.min(minTailStep, minEffect * Math.sqrt(signal.variance)) };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The share of an operation's spans that make a call or log a line. A slice without any line of the service had no logs collected. */
function stepSignals({ settled, steps, logged }: Groups): Signal[] {
  return steps.flatMap(({ service, operation, what, target, spans: hits }) => {
    const of = settled.get(`${service}\n${operation}`);
    if (of === undefined || isSteady(hits, of)) return [];
    const counts = of.map((count, slice) => (what === 'call' || logged.has(`${service}\n${slice}`) ? count : 0));
    const sums = counts.map((count, slice) => Math.min(count, hits[slice] ?? 0));
    return [{ ...shareSignal(service, { sums, counts }, { minStep: minStepShare, twoSided: true }), target }];
  });
}

/** A share that is nearly the same in every slice has no step; most are, and need no closer look. */
function isSteady(hits: Float64Array, of: Float64Array): boolean {
  let [low, high] = [1, 0];
  for (let slice = 0; slice < of.length; slice++) {
    const n = of[slice] ?? 0;
    if (n === 0) continue;
    const share = (hits[slice] ?? 0) / n;
    if (share < low) low = share;
    if (share > high) high = share;
  }
  return high - low < minStepShare;
}

const badDirection: Readonly<Record<string, number>> = {
  latency: 1,
  errors: 1,
  success: -1,
  cpu: 1,
  memory: 1,
  pool: 1,
  queue: 1,
};
/** A metric moves by a tenth of itself in any hour, and a single call at an idle service is no trend. */
const relativeFloor = 0.1;
/** Two of a series' own spreads. */
const minSeriesStep = Math.asinh(2);

/** A series in units of its own spread, the far ends drawn in. One observation a point; long periods cannot tell minutes apart. */
function seriesSignal(row: SeriesRow, slices: EvidenceAnswer['slices']): Signal[] {
  const sign = badDirection[subjectOf(row.metric)] ?? 0;
  if (sign === 0 || isOfNode(row.metric) || row.points.length < 6 || !endsOff(row, sign)) return [];
  if (periodOf(row) > maxPeriodMs) return [];
  const { level, spread: own } = levelAndSpread(row.points.map(([, mean]) => mean));
  const spread = Math.max(own, relativeFloor * farthestOf(row), 1e-9);
  const sums = emptySums(slices.length);
  let slice = 0;
  for (const [atMs, mean] of row.points) {
    while (slice < slices.length && atMs >= (slices[slice]?.toMs ?? 0)) slice++;
    if (slice >= slices.length) break;
    sums.sums[slice] = (sums.sums[slice] ?? 0) + sign * Math.asinh((mean - level) / spread);
    sums.counts[slice] = (sums.counts[slice] ?? 0) + 1;
  }
  return [{ ...sums, service: row.service, variance: 1, minStep: minSeriesStep, twoSided: false }];
}

function farthestOf({ points }: SeriesRow): number {
  let most = 0;
  for (const [, mean] of points) most = Math.max(most, Math.abs(mean));
  return most;
}

/** Whether any of the latest points is worse than the average by what could be a step: most series need no closer look. */
function endsOff(row: SeriesRow, sign: number): boolean {
  let sum = 0;
  for (const [, mean] of row.points) sum += mean;
  const limit = sum / row.points.length;
  const floor = relativeFloor * farthestOf(row);
  return row.points.slice(-latestPoints).some(([, mean]) => sign * (mean - limit) > floor);
}

const latestPoints = 15;

const maxPeriodMs = 90_000;
