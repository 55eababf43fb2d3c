/** Decides the level of an incident anew, while a higher one is left. */
import { isHigherLevel, type TriageFacts } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { decideTriage } from './decide.ts';
import { judgeImpact } from './impact.ts';
import { activeOverride, heldBack } from './override.ts';
import { signsOf } from './signs.ts';

type Decided = Omit<TriageFacts, 'atMs'>;

/**
 * Raises the level, never lowers it: who was paged must not lose the page. Returns the level before a promotion of a published incident;
 * null when nothing was promoted. An incident without members, as after a merge, keeps its level.
 */
export function updateTriage(step: StepContext, incident: IncidentState): 'log' | 'ticket' | null {
  const before = incident.triage?.level ?? null;
  if (before === 'page' || membersOf(step.state, incident.id).keys.size === 0) return null;
  const decided = holdBack(step, incident, decide(step, incident));
  if (!isHigherLevel(decided.level, before)) return null;
  incident.triage = { ...decided, atMs: step.atMs };
  step.touchIncident(incident);
  return incident.revision === 0 ? null : before;
}

function decide(step: StepContext, incident: IncidentState): Decided {
  const { triage } = step.state.config;
  const judged = judgeImpact(signsOf(step.state, incident), triage.wideReachServices);
  return decideTriage(judged, membersOf(step.state, incident.id).worstSeverity, triage.levels);
}

/** Applies the rule of the moment, and remembers when to look again. What was held back before says so. */
function holdBack(step: StepContext, incident: IncidentState, decided: Decided): Decided {
  const active = activeOverride(step.state.config.overrides, membersOf(step.state, incident.id), step.atMs);
  const held = active === null ? decided : heldBack(decided, active.rule);
  const before = incident.heldBack;
  if (active !== null && held !== decided) {
    incident.heldBack = { rule: active.rule.name, untilMs: active.untilMs };
    step.touchIncident(incident);
    step.setTimer(active.untilMs);
    return held;
  }
  if (before === null) return held;
  incident.heldBack = null;
  step.touchIncident(incident);
  return { ...held, reasons: [...held.reasons, { code: 'was-held', detail: before.rule }] };
}
