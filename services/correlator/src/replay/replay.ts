import { type Core, createState, type ScopeState } from '@faultline/correlation';
import { type Incident, type JournalEntry, parseScope, revisionHash } from '@faultline/model';

/** A published revision and the hash of its bytes. */
export interface Revision {
  readonly incident: Incident;
  readonly hash: string;
}

interface Replay {
  readonly revisions: readonly Revision[];
  /** The revision of each incident that was known when the entries begin. */
  readonly before: ReadonlyMap<string, number>;
}

/** Plays entries of one scope offline. They start at a checkpoint or at the scope's first entry. */
export function replayJournal(entries: readonly JournalEntry[], core: Core): Replay {
  const scope = parseScope(entries[0]?.scopeKey ?? '');
  if (scope === null) return { revisions: [], before: new Map() };
  let state = createState(scope);
  let before: ReadonlyMap<string, number> = new Map();
  const revisions: Revision[] = [];
  for (const [index, entry] of entries.entries()) {
    const step = core.step(state, entry);
    state = step.state;
    if (index === 0 && entry.input.kind === 'checkpoint') before = revisionsOf(state);
    for (const effect of step.effects)
      if (effect.kind === 'publish') revisions.push({ incident: effect.incident, hash: revisionHash(effect.incident) });
  }
  return { revisions, before };
}

function revisionsOf({ incidents }: ScopeState): Map<string, number> {
  return new Map([...incidents].map(([id, { revision }]) => [id, revision]));
}
