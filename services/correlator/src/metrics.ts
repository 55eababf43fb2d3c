/** Counters of the correlator. */
import type { Incident } from '@faultline/model';
import { metrics } from '@opentelemetry/api';

/** Counts a revision that reached its level of triage: each incident once at its first page, ticket or log entry, and once for each promotion. */
export function countTriage({ triage, updatedAtMs }: Pick<Incident, 'triage' | 'updatedAtMs'>): void {
  if (triage === null || triage.atMs !== updatedAtMs) return;
  metrics
    .getMeter('faultline')
    .createCounter('faultline.correlator.incidents', { description: 'Incidents by the level of triage they reached' })
    .add(1, { level: triage.level, impact: triage.impact });
}
