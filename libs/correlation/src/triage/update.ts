/** Decides the level of an incident anew, while a higher one is left. */
import { isHigherLevel } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { decideTriage } from './decide.ts';
import { judgeImpact } from './impact.ts';
import { signsOf } from './signs.ts';

/**
 * Raises the level, never lowers it: who was paged must not lose the page. Returns the level before a promotion of a published incident;
 * null when nothing was promoted. An incident without members, as after a merge, keeps its level.
 */
export function updateTriage(step: StepContext, incident: IncidentState): 'log' | 'ticket' | null {
  const before = incident.triage?.level ?? null;
  const members = membersOf(step.state, incident.id);
  if (before === 'page' || members.keys.size === 0) return null;
  const { triage } = step.config;
  const judged = judgeImpact(signsOf(step.state, incident), triage.wideReachServices);
  const decided = decideTriage(judged, members.worstSeverity, triage.levels);
  if (!isHigherLevel(decided.level, before)) return null;
  incident.triage = { ...decided, atMs: step.atMs };
  step.touchIncident(incident);
  return incident.revision === 0 ? null : before;
}
