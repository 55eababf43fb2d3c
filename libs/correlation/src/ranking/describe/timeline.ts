/** What the ranking adds to the timeline of the incident. */
import type { TimelineEntry } from '@faultline/model';
import type { Candidate } from '../probability/candidate.ts';
import { summaryOf } from './evidence.ts';

/** The onset of the identified cause, in ms since the epoch. */
export function onsetEntry({ service, findings: [strongest] }: Candidate, atMs: number): TimelineEntry {
  return { atMs, kind: 'onset', text: strongest === undefined ? service : summaryOf(strongest) };
}
