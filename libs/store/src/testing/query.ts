/** The query of the evidence tests. */
import type { EvidenceQuery } from '@faultline/model';
import { baseMs, tenant } from './rows.ts';

export const minute = 60_000;
/**
 * A baseline of ten minutes and two slices of half a minute; a series history of five minutes, and ten minutes of
 * points.
 */
export const query: EvidenceQuery = {
  id: 'q',
  incidentId: 'now',
  scope: { tenant, environment: 'e' },
  askedAtMs: baseMs + 20 * minute,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  slices: [
    { fromMs: baseMs, toMs: baseMs + 10 * minute },
    { fromMs: baseMs + 10 * minute, toMs: baseMs + 10 * minute + 30_000 },
    { fromMs: baseMs + 10 * minute + 30_000, toMs: baseMs + 11 * minute },
  ],
  series: { fromMs: baseMs + 5 * minute, toMs: baseMs + 15 * minute, stepMs: 30_000 },
  seriesHistory: { fromMs: baseMs, toMs: baseMs + 5 * minute },
};
