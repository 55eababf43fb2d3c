import { type Core, createState } from '@faultline/correlation';
import { codecs, contentId, type Incident, type JournalEntry, parseScope } from '@faultline/model';

/** A published revision and the hash of its bytes. */
export interface Revision {
  readonly incident: Incident;
  readonly hash: string;
}

/** Plays entries of one scope offline. They start at a checkpoint or at the scope's first entry. */
export function replayJournal(entries: readonly JournalEntry[], core: Core): readonly Revision[] {
  const scope = parseScope(entries[0]?.scopeKey ?? '');
  if (scope === null) return [];
  let state = createState(scope);
  const revisions: Revision[] = [];
  for (const entry of entries) {
    const step = core.step(state, entry);
    state = step.state;
    for (const effect of step.effects)
      if (effect.kind === 'publish') revisions.push({ incident: effect.incident, hash: hashOf(effect.incident) });
  }
  return revisions;
}

/** The hash of an incident's bytes on the topic. */
export function hashOf(incident: Incident): string {
  return contentId(Buffer.from(codecs.incident.encode(incident)).toString('hex'));
}
