/** What the ranking adds to the incident's timeline. */
import type { TimelineEntry } from '@faultline/model';
import type { Candidate } from '../probability/candidate.ts';
import { sinceOf } from './blamed-change.ts';
import { summaryOf } from './evidence.ts';

/** The onset of the identified cause. */
export function onsetEntry(inputs: Parameters<typeof sinceOf>[0], cause: Candidate): TimelineEntry {
  const [strongest] = cause.findings;
  const text = strongest === undefined ? cause.service : summaryOf(strongest);
  return { atMs: sinceOf(inputs, cause), kind: 'onset', text };
}
