/** Counters of the correlator. */
import { type Incident, unowned } from '@faultline/model';
import { metrics } from '@opentelemetry/api';

/** Counts a revision that reached its level of triage: each incident once at its first page, ticket or log entry, and once for each promotion. */
export function countTriage({
  triage,
  updatedAtMs,
  owners,
}: Pick<Incident, 'triage' | 'updatedAtMs' | 'owners'>): void {
  if (triage === null || triage.atMs !== updatedAtMs) return;
  metrics
    .getMeter('faultline')
    .createCounter('faultline.correlator.incidents', { description: 'Incidents by the level of triage they reached' })
    .add(1, { level: triage.level, impact: triage.impact });
  if (!owners.some(({ team }) => team === unowned)) return;
  metrics
    .getMeter('faultline')
    .createCounter('faultline.correlator.unowned', {
      description: 'Incidents that reached a level of triage while nobody was known to own what pages',
    })
    .add(1, { level: triage.level });
}
