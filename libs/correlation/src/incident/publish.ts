/** Which incidents become a new revision at the end of a step. */
import { contentId } from '@faultline/model';
import { type Draft, touchIncident, wakeAt } from '../state/draft.ts';
import { publishDueMs } from '../state/due.ts';
import type { IncidentState } from '../state/state.ts';
import { buildIncident } from './build.ts';

/** Publishes what changed and is due; asks for a tick for what has to wait. */
export function publishChanged(draft: Draft): void {
  for (const [id, now] of [...draft.changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const incident = draft.state.incidents.get(id);
    if (incident === undefined || !incident.dirty) continue;
    const due = publishDueMs(draft, incident);
    if ((now && incident.revision > 0) || due <= draft.atMs) publish(draft, incident);
    else wakeAt(draft, due);
  }
}

function publish(draft: Draft, incident: IncidentState): void {
  incident.dirty = false;
  touchIncident(draft, incident);
  const built = buildIncident(draft, incident);
  const contentHash = contentId(JSON.stringify({ ...built, revision: 0, updatedAtMs: 0 }));
  if (contentHash === incident.contentHash) return;
  incident.contentHash = contentHash;
  incident.revision = built.revision;
  incident.severity = built.severity;
  incident.lastPublishedMs = draft.atMs;
  draft.effects.push({ kind: 'publish', incident: built });
}
