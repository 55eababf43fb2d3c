/** Cuts out of the journal what leads to one incident. */
import { type Core, createState, type ScopeState } from '@faultline/correlation';
import { type JournalEntry, parseScope } from '@faultline/model';

/** One scope's journal since the last place where it could be cut. */
interface Segment {
  entries: JournalEntry[];
  state: ScopeState;
  /** The incident was published in it. */
  wanted: boolean;
}

/**
 * The entries of the incident's scope, from the last checkpoint before its first revision to the first one that no longer knows it (or
 * the end). Empty when no entry leads to it. The journal is played while it is read, as only the machine knows what an entry leads to.
 */
export async function cutJournal(
  entries: AsyncIterable<JournalEntry>,
  incidentId: string,
  core: Core,
): Promise<readonly JournalEntry[]> {
  const segments = new Map<string, Segment>();
  for await (const entry of entries) {
    const known = segments.get(entry.scopeKey);
    if (known?.wanted === true && isCheckpointWithout(entry, incidentId)) return known.entries;
    const segment = takeEntry(known, entry, { incidentId, core });
    if (segment !== null) segments.set(entry.scopeKey, segment);
  }
  return [...segments.values()].find(({ wanted }) => wanted)?.entries ?? [];
}

function isCheckpointWithout({ input }: JournalEntry, incidentId: string): boolean {
  return input.kind === 'checkpoint' && !input.records.some(({ key }) => key === `incident/${incidentId}`);
}

/** Null before the first place to start from: what came before it is no longer kept. */
function takeEntry(
  known: Segment | undefined,
  entry: JournalEntry,
  { incidentId, core }: { incidentId: string; core: Core },
): Segment | null {
  const starts = entry.input.kind === 'checkpoint' || entry.seq === 1;
  const scope = parseScope(entry.scopeKey);
  if (scope === null || (known === undefined && !starts)) return null;
  const segment = known ?? { entries: [], state: createState(scope), wanted: false };
  if (entry.input.kind === 'checkpoint' && !segment.wanted) segment.entries = [];
  segment.entries.push(entry);
  const { state, effects } = core.step(segment.state, entry);
  segment.state = state;
  if (effects.some((effect) => effect.kind === 'publish' && effect.incident.id === incidentId)) segment.wanted = true;
  return segment;
}
