/** What may show the onset: durations, self times, errors, patterns and metrics of every service, slice by slice. */
import type { EvidenceResult, SeriesRow } from '@faultline/model';
import { freshInstances } from '../rows/fresh-instances.ts';
import type { Groups } from '../rows/group.ts';
import { subjectOf } from '../vocabulary/metric-subject.ts';
import { afterPeers } from './after-peers.ts';
import type { Signal } from './change-point.ts';
import { seriesSignal } from './series-signals.ts';
import { errorSignals, patternSignals } from './share-signals.ts';
import { timeSignals } from './time-signals.ts';

/** All signals, in the order of the groups. */
export function signalsOf(answer: EvidenceResult, groups: Groups, alertMs: number): Signal[] {
  const slices = answer.slices.length;
  const spanned = servicesWithSpans(answer, groups, alertMs);
  const read = afterPeers(answer.series, freshInstances(answer.series, alertMs));
  return [
    ...timeSignals(groups, slices),
    ...errorSignals(groups, slices),
    ...patternSignals(groups),
    ...answer.series.flatMap((row) => {
      const readable = isMeasuredBySpans(row, spanned) ? null : read(row);
      return readable === null ? [] : seriesSignal(readable, answer.slices);
    }),
  ];
}

/** Services that sent spans since shortly before the alert. */
function servicesWithSpans({ slices }: EvidenceResult, { operations }: Groups, alertMs: number): ReadonlySet<string> {
  const isLate = (slice: number): boolean => slice > 0 && (slices[slice]?.toMs ?? 0) > alertMs - lateMs;
  return new Set(operations.flatMap(({ service, rows }) => (rows.some(({ slice }) => isLate(slice)) ? [service] : [])));
}

const lateMs = 120_000;

/** Spans tell more about time and failures. Percentile metrics of an idle service just hold their last value. */
function isMeasuredBySpans({ service, metric }: SeriesRow, spanned: ReadonlySet<string>): boolean {
  return spanned.has(service) && ['latency', 'errors', 'success'].includes(subjectOf(metric));
}
