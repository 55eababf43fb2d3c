/** Which incidents become a new revision at the end of a step. */
import { contentId } from '@faultline/model';
import { appendTimeline } from '../incident/history.ts';
import type { StepContext } from '../state/context.ts';
import { publishDeadlineMs } from '../state/deadlines.ts';
import type { IncidentState } from '../state/state.ts';
import { updateTriage } from '../triage/update.ts';
import { buildIncident } from './build.ts';
import { noteConcurrent } from './concurrent.ts';
import { fitIncident } from './fit.ts';

/** Publishes what changed and is due, and sets a timer for what must wait. */
export function publishChanged(step: StepContext): void {
  for (const [id, now] of [...step.changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const incident = step.state.incidents.get(id);
    if (incident === undefined || !incident.dirty) continue;
    const due = publishDeadlineMs(step, incident);
    const isUrgent = promote(step, incident) || now;
    if ((isUrgent && incident.revision > 0) || due <= step.atMs) publish(step, incident);
    else step.setTimer(due);
  }
}

/** Whether a published incident grew so far that more people must know of it: they wait for no interval. */
function promote(step: StepContext, incident: IncidentState): boolean {
  // Nothing is above a page, and in a storm this is asked for each alert. Its reasons are read anew when it is published.
  if (incident.revision === 0 || incident.triage?.level === 'page') return false;
  const before = updateTriage(step, incident);
  const now = incident.triage?.level;
  if (before === null || now === undefined) return false;
  appendTimeline(step, incident, { kind: 'promoted', before, now });
  return true;
}

function publish(step: StepContext, incident: IncidentState): void {
  if (incident.revision === 0) noteConcurrent(step, incident);
  updateTriage(step, incident);
  incident.dirty = false;
  step.touchIncident(incident);
  const built = fitIncident(buildIncident(step, incident), step.config.maxRevisionBytes);
  const contentHash = contentId(JSON.stringify({ ...built, revision: 0, updatedAtMs: 0 }));
  if (contentHash === incident.contentHash) return;
  incident.contentHash = contentHash;
  incident.revision = built.revision;
  incident.severity = built.severity;
  incident.lastPublishedMs = step.atMs;
  step.effects.push({ kind: 'publish', incident: built });
}
