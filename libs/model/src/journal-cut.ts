/** Selects the part of the journal that leads to one incident. */
import type { Input, JournalEntry } from './journal.ts';

/** One scope's journal since the last checkpoint. */
interface Segment {
  entries: JournalEntry[];
  /** An entry in it names the incident. */
  wanted: boolean;
}

/**
 * The entries of the incident's scope, from the last checkpoint before its first mention to the first checkpoint without it, or the end.
 * Empty when no entry names it. Every incident queries evidence when it opens, so a result names it.
 */
export async function cutJournal(
  entries: AsyncIterable<JournalEntry>,
  incidentId: string,
): Promise<readonly JournalEntry[]> {
  const segments = new Map<string, Segment>();
  for await (const entry of entries) {
    const { input, scopeKey, seq } = entry;
    const known = segments.get(scopeKey);
    const names = namesIncident(input, incidentId);
    if (known?.wanted === true && input.kind === 'checkpoint' && !names) return known.entries;
    // Before the first checkpoint: the entries that lead here are no longer kept.
    if (known === undefined && input.kind !== 'checkpoint' && seq !== 1) continue;
    const segment = known ?? { entries: [], wanted: false };
    if (input.kind === 'checkpoint' && !segment.wanted) segment.entries = [];
    segment.entries.push(entry);
    segment.wanted ||= names;
    segments.set(scopeKey, segment);
  }
  return [...segments.values()].find(({ wanted }) => wanted)?.entries ?? [];
}

function namesIncident(input: Input, incidentId: string): boolean {
  switch (input.kind) {
    case 'answer':
      return input.answer.incidentId === incidentId;
    case 'command':
      return input.command.incidentId === incidentId;
    case 'checkpoint':
      return input.records.some(({ key }) => key === `incident/${incidentId}`);
    default:
      return false;
  }
}
