/** Names of rows that were made from the request metrics of an instance: the measured metric, and what was made of it. */
import type { SeriesSubject } from './metric-subject.ts';

/** What is made, with what it measures. */
const made = [
  ['failed share', 'errors'],
  ['mean', 'latency'],
  ['number', 'requests'],
] as const satisfies readonly (readonly [string, SeriesSubject])[];

export type Made = (typeof made)[number][0];

export function madeMetric(metric: string, what: Made): string {
  return `${metric} (${what})`;
}

/** What a row measures that was made; null for one that came as it is. */
export function madeSubject(metric: string): SeriesSubject | null {
  return made.find(([what]) => metric.endsWith(` (${what})`))?.[1] ?? null;
}

/** The metric from whose series a row was made; the row's own metric for all others. */
export function measuredMetric(metric: string): string {
  return madeSubject(metric) === null ? metric : metric.slice(0, metric.lastIndexOf(' ('));
}
