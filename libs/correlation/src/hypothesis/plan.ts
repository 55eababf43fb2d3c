/** Which times to ask about. The answer's rows are then compared slice by slice. */
import type { EvidenceQuestion, TimeRange } from '@faultline/model';

/** The windows' grid: every bound lies on it, so that a slice is a whole number of windows. */
const gridMs = 10_000;
/** Alerts start minutes after the harm: rules average over minutes and wait. Before this, all is taken as normal. */
const onsetLeadMs = 300_000;
const baselineMs = 3_600_000;
/** Short enough to tell a deploy half a minute before the onset from one after it. */
const sliceMs = 30_000;
/** An incident that lasts longer is cut into fewer, longer slices: answers stay bounded. */
const maxSlices = 24;
const seriesStepMs = 30_000;
const maxSeriesPoints = 240;
/** Two weeks hold each hour of each weekday twice. */
const historyMs = 14 * 86_400_000;

export type EvidencePlan = Pick<EvidenceQuestion, 'slices' | 'series' | 'seriesHistory'>;

/** Slice 0: the hour before. The others: equal, from five minutes before the first alert up to now. Times in ms since the epoch. */
export function planEvidence({ startedAtMs, nowMs }: { startedAtMs: number; nowMs: number }): EvidencePlan {
  const toMs = onGrid(Math.max(nowMs, startedAtMs), Math.ceil);
  const baselineToMs = onGrid(startedAtMs - onsetLeadMs, Math.floor);
  const baseline = { fromMs: baselineToMs - baselineMs, toMs: baselineToMs };
  const series = { fromMs: baseline.fromMs, toMs };
  return {
    slices: [baseline, ...cut(baselineToMs, toMs)],
    series: { ...series, stepMs: onGrid(Math.max(seriesStepMs, (toMs - series.fromMs) / maxSeriesPoints), Math.ceil) },
    seriesHistory: { fromMs: series.fromMs - historyMs, toMs: series.fromMs },
  };
}

function cut(fromMs: number, toMs: number): TimeRange[] {
  const stepMs = onGrid(Math.max(sliceMs, (toMs - fromMs) / maxSlices), Math.ceil);
  const count = Math.ceil((toMs - fromMs) / stepMs);
  return Array.from({ length: count }, (_, i) => ({
    fromMs: fromMs + i * stepMs,
    toMs: Math.min(toMs, fromMs + (i + 1) * stepMs),
  }));
}

function onGrid(ms: number, round: (value: number) => number): number {
  return round(ms / gridMs) * gridMs;
}
