/**
 * Other incidents that began in the same minutes. What nothing known connects has pages of its own; each says that there are others, so that
 * a person can see one cause behind them where telemetry and labels do not.
 */
import { type ConcurrentIncidents, maxConcurrent } from '@faultline/model';
import { environmentsOf, mayMeet } from '../grouping/environment.ts';
import { recentIncidents } from '../grouping/storm.ts';
import type { StepContext } from '../state/context.ts';
import { publishDeadlineMs } from '../state/deadlines.ts';
import { isOpen } from '../state/incident.ts';
import type { IncidentState, ScopeState } from '../state/state.ts';

/** Most that are noted. In a large storm the oldest ones are, as people look at these first. */
const maxNoted = maxConcurrent;
/** Most that are named. */
const maxNamed = 5;

/** Before the first page of an incident: notes which others have a page, and tells them. */
export function noteConcurrent(step: StepContext, incident: IncidentState): void {
  const others = concurrentWith(step, incident);
  incident.concurrent = others.map(({ id }) => id);
  for (const other of others) {
    if (other.concurrent.length >= maxNoted) continue;
    other.concurrent = [...other.concurrent, incident.id];
    step.touchIncident(other);
    if (!isNews(other.concurrent.length)) continue;
    step.markChanged(other, { now: false });
    step.setTimer(publishDeadlineMs(step, other));
  }
}

/**
 * Whether a page is revised when its number of others reaches `count`: each time it has doubled. With a revision for each one, a storm of N
 * incidents would make N times 20 revisions.
 */
function isNews(count: number): boolean {
  return count === maxNoted || Number.isInteger(Math.log2(count));
}

function concurrentWith({ state, atMs, config }: StepContext, incident: IncidentState): IncidentState[] {
  if (config.concurrentMs === 0) return [];
  const own = environmentsOf(state, incident);
  const others: IncidentState[] = [];
  for (const other of recentIncidents(state, atMs)) {
    if (others.length >= maxNoted) break;
    if (other.id === incident.id || !isOpen(other) || other.revision === 0) continue;
    if (other.detectedAtMs < atMs - config.concurrentMs) continue;
    // An alert that had fired for months when it came began with nothing of today.
    if (Math.abs(other.startedAtMs - incident.startedAtMs) > config.concurrentMs) continue;
    if (mayMeet(state, own, environmentsOf(state, other))) others.push(other);
  }
  return others;
}

/** Those that are still open. One that was merged into another is no longer one of its own. */
export function concurrentIncidents(
  { incidents }: Pick<ScopeState, 'incidents'>,
  incident: IncidentState,
): ConcurrentIncidents {
  if (!isOpen(incident)) return { count: 0, incidentIds: [] };
  const open = incident.concurrent.filter((id) => {
    const other = incidents.get(id);
    return other !== undefined && isOpen(other);
  });
  return { count: open.length, incidentIds: open.slice(0, maxNamed) };
}
