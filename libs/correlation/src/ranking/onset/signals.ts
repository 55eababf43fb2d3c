/** What may show when the harm began: every service's durations, self times, errors, steps and metrics, slice by slice. */
import type { EvidenceResult, SeriesRow } from '@faultline/model';
import type { Groups } from '../rows/group.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import type { Signal } from './change-point.ts';
import { seriesSignal } from './series-signals.ts';
import { errorSignals, patternSignals } from './share-signals.ts';
import { timeSignals } from './time-signals.ts';

/** All signals, in the order of the groups. */
export function signalsOf(answer: EvidenceResult, groups: Groups, alertMs: number): Signal[] {
  const slices = answer.slices.length;
  const spanned = spannedServices(answer, groups, alertMs);
  return [
    ...timeSignals(groups, slices),
    ...errorSignals(groups, slices),
    ...patternSignals(groups),
    ...answer.series.flatMap((row) => (isSaidBySpans(row, spanned) ? [] : seriesSignal(row, answer.slices))),
  ];
}

/** Services that sent spans shortly before the alert or since. */
function spannedServices({ slices }: EvidenceResult, { operations }: Groups, alertMs: number): ReadonlySet<string> {
  const isLate = (slice: number): boolean => slice > 0 && (slices[slice]?.toMs ?? 0) > alertMs - lateMs;
  return new Set(operations.flatMap(({ service, rows }) => (rows.some(({ slice }) => isLate(slice)) ? [service] : [])));
}

const lateMs = 120_000;

/** Percentiles of an idle service hold their last value: of time and failures, spans tell more. */
function isSaidBySpans({ service, metric }: SeriesRow, spanned: ReadonlySet<string>): boolean {
  return spanned.has(service) && ['latency', 'errors', 'success'].includes(subjectOf(metric));
}
