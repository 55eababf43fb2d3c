/** Whether a series counts up or is a gauge: by its metadata, or by the conventions of its name. */
import type { MetricKind } from '@faultline/model';
import type { MetricType } from '../../metric-types.ts';

/** Parts of a histogram or summary, each a series of its own. */
const partSuffix = /_(bucket|count|sum)$/;
/** OpenMetrics names the family without it. */
const counterSuffix = /_total$/;

/** Names under which the type of a series may be known, best first. */
export function familiesOf(name: string): readonly string[] {
  const family = name.replace(partSuffix, '').replace(counterSuffix, '');
  return family === name ? [name] : [name, family];
}

/** Sums are cumulative counters here. */
export function kindOf(name: string, type: MetricType): Extract<MetricKind, 'gauge' | 'sum'> {
  if (type === 'counter') return 'sum';
  if (type === 'histogram' || type === 'summary') return partSuffix.test(name) ? 'sum' : 'gauge';
  if (type !== 'unknown') return 'gauge';
  // A colon is in names of recording rules, which hold rates and ratios.
  if (name.includes(':')) return 'gauge';
  return partSuffix.test(name) || counterSuffix.test(name) ? 'sum' : 'gauge';
}
