/**
 * The baseline: three simple rules over the same rows that the product gets. 3 sigma on metrics, 3 times the p95 on
 * spans, error words in logs. No call graph, no explaining away. Published comparisons found such rules hard to beat.
 */
import {
  type EvidenceResult,
  type Histogram,
  histogramCount,
  histogramQuantile,
  mergeHistograms,
} from '@faultline/model';

/**
 * The rules assume that the onset is two minutes before the alert, as in the labelled cases. Slice 0 ends fifteen
 * minutes before it. So the baseline is told the onset, which the product has to find.
 */
const onsetAfterBaselineMs = 780_000;
const errorWords = /error|exception|fail|timeout|refused|fatal|panic/i;
/** Limits the score of one rule, so that none outvotes the other two by scale alone. */
const maxScore = 10;

/** Services in order of suspicion, ties by name. Leaves out services that break no rule. */
export function rankByThreeRules(answer: EvidenceResult): readonly string[] {
  const onsetMs = (answer.slices[0]?.toMs ?? 0) + onsetAfterBaselineMs;
  const scores = new Map<string, number>();
  for (const rule of [metricScores, spanScores, logScores])
    for (const [service, score] of rule(answer, onsetMs))
      if (score > 1) scores.set(service, (scores.get(service) ?? 0) + Math.min(score, maxScore));
  return [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([service]) => service);
}

type Scores = Map<string, number>;

function raise(scores: Scores, service: string, score: number): void {
  if (Number.isFinite(score)) scores.set(service, Math.max(scores.get(service) ?? 0, score));
}

/** The largest deviation after the onset, in units of 3 sigma. */
function metricScores({ series }: EvidenceResult, onsetMs: number): Scores {
  const scores: Scores = new Map();
  for (const { service, points, history } of series) {
    const before = points.filter(([atMs]) => atMs < onsetMs).map(([, mean]) => mean);
    const { mean, sigma } = before.length >= 3 ? moments(before) : quartileMoments(history);
    for (const [atMs, value] of points)
      if (atMs >= onsetMs && sigma > 0) raise(scores, service, Math.abs(value - mean) / (3 * sigma));
  }
  return scores;
}

function moments(values: readonly number[]): { mean: number; sigma: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sigma: Math.sqrt(variance) };
}

function quartileMoments({ p25, p50, p75 }: { p25: number; p50: number; p75: number }): {
  mean: number;
  sigma: number;
} {
  return { mean: p50, sigma: (p75 - p25) / 1.349 };
}

/** The p95 of an operation after the onset, in units of 3 times the p95 before. */
function spanScores({ operations, slices }: EvidenceResult, onsetMs: number): Scores {
  const scores: Scores = new Map();
  const groups = Map.groupBy(operations, ({ service, operation, kind }) => `${service}\n${operation}\n${kind}`);
  for (const rows of groups.values()) {
    const part = (during: boolean): Histogram =>
      mergeHistograms(
        rows.filter(({ slice }) => (slices[slice]?.fromMs ?? 0) >= onsetMs === during).map(({ duration }) => duration),
      );
    const [before, during] = [part(false), part(true)];
    if (histogramCount(before) === 0 || histogramCount(during) === 0) continue;
    const ratio = histogramQuantile(during, 0.95) / histogramQuantile(before, 0.95) / 3;
    raise(scores, rows[0]?.service ?? '', ratio);
  }
  return scores;
}

/** Lines per minute with an error word after the onset, in units of 3 times the rate before. */
function logScores({ templates, slices }: EvidenceResult, onsetMs: number): Scores {
  const scores: Scores = new Map();
  const minutes = (during: boolean): number =>
    slices.reduce((sum, { fromMs, toMs }) => sum + (fromMs >= onsetMs === during ? toMs - fromMs : 0), 0) / 60_000;
  for (const [service, rows] of Map.groupBy(templates, (row) => row.service)) {
    const lines = (during: boolean): number =>
      rows
        .filter(({ slice, text }) => (slices[slice]?.fromMs ?? 0) >= onsetMs === during && errorWords.test(text))
        .reduce((sum, row) => sum + row.lines, 0) / Math.max(1, minutes(during));
    raise(scores, service, lines(true) / (3 * Math.max(lines(false), 0.1)));
  }
  return scores;
}
