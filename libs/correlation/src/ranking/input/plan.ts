/** Which times an evidence query asks about. The rows of the result are then compared slice by slice. */
import type { EvidenceQuery, TimeRange } from '@faultline/model';
import { tellingNames } from '../vocabulary/metric-subject.ts';

/** The grid of the store's windows. Every bound lies on it, so a slice is a whole number of windows. */
const gridMs = 10_000;
/** A rule that averages over five minutes and then waits ten fires this long after the onset. Everything before is taken as normal. */
const onsetLeadMs = 900_000;
/** Most rules fire within five minutes. From here on slices are short; before that they are twice as long. */
const nearLeadMs = 300_000;
const baselineMs = 3_600_000;
/** Short enough to tell a deploy half a minute before the onset from one after it. */
const sliceMs = 30_000;
/** As the incident goes on, the time since the alert is divided into fewer and longer slices, so that results stay bounded. */
const maxSlicesSince = 10;
const seriesStepMs = 30_000;
/** Some senders stamp a period of five minutes with its end before it is over, and clocks run ahead. What is there already may be read. */
const aheadMs = 300_000;
const maxSeriesPoints = 240;
/** Two weeks hold each hour of each weekday twice. */
const historyMs = 14 * 86_400_000;

export type EvidencePlan = Pick<EvidenceQuery, 'slices' | 'series' | 'seriesHistory'>;

/**
 * Slice 0 is an hour that ends a quarter of an hour before the first alert. Then come slices of a minute, and of half a
 * minute from five minutes before the alert. At most ten slices cover the time from the alert up to now. Times in ms
 * since the epoch.
 */
export function planEvidence({ startedAtMs, nowMs }: { startedAtMs: number; nowMs: number }): EvidencePlan {
  const alertMs = onGrid(startedAtMs, Math.floor);
  const toMs = onGrid(Math.max(nowMs, startedAtMs), Math.ceil);
  const baselineToMs = alertMs - onsetLeadMs;
  const baseline = { fromMs: baselineToMs - baselineMs, toMs: baselineToMs };
  const series = { fromMs: baseline.fromMs, toMs: toMs + aheadMs };
  const slices = [
    baseline,
    ...cut(baselineToMs, alertMs - nearLeadMs, 2 * sliceMs),
    ...cut(alertMs - nearLeadMs, alertMs, sliceMs),
    ...cutSince(alertMs, toMs),
  ];
  return {
    slices,
    series: {
      ...series,
      stepMs: onGrid(Math.max(seriesStepMs, (toMs - series.fromMs) / maxSeriesPoints), Math.ceil),
      metrics: tellingNames,
    },
    seriesHistory: { fromMs: series.fromMs - historyMs, toMs: series.fromMs },
  };
}

/** The last minute has slices of its own: it tells whether the incident is over. */
function cutSince(fromMs: number, toMs: number): TimeRange[] {
  const recentMs = Math.max(fromMs, toMs - 2 * sliceMs);
  const stepMs = onGrid(Math.max(sliceMs, (recentMs - fromMs) / (maxSlicesSince - 2)), Math.ceil);
  return [...cut(fromMs, recentMs, stepMs), ...cut(recentMs, toMs, sliceMs)];
}

function cut(fromMs: number, toMs: number, stepMs: number): TimeRange[] {
  const count = Math.ceil((toMs - fromMs) / stepMs);
  return Array.from({ length: count }, (_, i) => ({
    fromMs: fromMs + i * stepMs,
    toMs: Math.min(toMs, fromMs + (i + 1) * stepMs),
  }));
}

function onGrid(ms: number, round: (value: number) => number): number {
  return round(ms / gridMs) * gridMs;
}
