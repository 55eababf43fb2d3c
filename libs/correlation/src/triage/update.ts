/** Decides the level of an incident anew. */
import { driftAlertSource, type Impact, isHigherLevel, type TriageFacts, type TriageLevel } from '@faultline/model';
import type { StepContext } from '../state/context.ts';
import { isOpen } from '../state/incident.ts';
import { type Members, membersOf } from '../state/members.ts';
import type { AlertState, IncidentState } from '../state/state.ts';
import { decideTriage } from './decide.ts';
import { judgeImpact } from './impact.ts';
import { activeOverride, heldBack } from './override.ts';
import { signsOf } from './signs.ts';

type Decided = Omit<TriageFacts, 'atMs'>;

/**
 * Raises the level, never lowers it: who was paged must not lose the page. While the level stays, its reasons follow what is known. Returns
 * the level before a promotion of a published incident; null when nothing was promoted. An incident without members, as after a merge,
 * keeps its level.
 */
export function updateTriage(step: StepContext, incident: IncidentState): 'log' | 'ticket' | null {
  const before = incident.triage?.level ?? null;
  if (membersOf(step.state, incident.id).keys.size === 0) return null;
  const judged = decide(step, incident);
  // A rule of people takes no page back.
  const decided = before === 'page' ? judged : holdBack(step, incident, judged);
  if (!isHigherLevel(decided.level, before)) {
    refreshReasons(step, incident, decided);
    return null;
  }
  incident.triage = { ...decided, atMs: step.atMs };
  step.touchIncident(incident);
  return incident.revision === 0 || before === 'page' ? null : before;
}

/** What led to the level stays on record when the incident gets better: a page without a reason would puzzle people. */
function refreshReasons(step: StepContext, incident: IncidentState, decided: Decided): void {
  const { triage: known } = incident;
  if (known === null || !isOpen(incident) || decided.level !== known.level) return;
  if (impactOrder.indexOf(decided.impact) < impactOrder.indexOf(known.impact)) return;
  const wasHeld = known.reasons.filter(({ code }) => code === 'was-held');
  const reasons = [...decided.reasons.filter(({ code }) => code !== 'was-held'), ...wasHeld];
  const fresh: TriageFacts = { ...decided, reasons, atMs: known.atMs };
  if (JSON.stringify(fresh) === JSON.stringify({ ...fresh, ...known })) return;
  incident.triage = fresh;
  step.touchIncident(incident);
}

/** What was read says more than what was not. */
const impactOrder: readonly Impact[] = ['unknown', 'none', 'limited', 'broad'];

function decide(step: StepContext, incident: IncidentState): Decided {
  const { triage } = step.state.config;
  const signs = signsOf(step.state, incident);
  // A read that fails after an earlier one told the impact is no news.
  const isStillKnown = signs.gap?.code === 'unread' && (incident.triage?.impact ?? 'unknown') !== 'unknown';
  const judged = judgeImpact(isStillKnown ? { ...signs, gap: null } : signs, triage.wideReachServices);
  const members = membersOf(step.state, incident.id);
  const decided = decideTriage(judged, members.worstSeverity, triage.levels);
  if (hasOnlyNotices(members)) return { ...decided, level: atMostTicket(decided.level) };
  const isHarmless = judged.impact !== 'broad' && signs.unhealthy.length === 0;
  return isHarmless && isStanding(incident, triage.standingAfterMs) ? asStanding(decided, incident) : decided;
}

/** Drift is work for the day: whatever else is unhealthy, its own alerts page nobody. */
function hasOnlyNotices(members: Pick<Members, 'all' | 'first'>): boolean {
  // The first member decides in nearly every case, without a copy of all of them.
  const isNotice = ({ source }: Pick<AlertState, 'source'>) => source === driftAlertSource;
  return members.first(1).every(isNotice) && members.all().every(isNotice);
}

/**
 * Who connects a sender for the first time gets all that has fired for days: nobody is to be woken for that, unless harm is seen. What had
 * fired for so long was known before.
 */
function isStanding(
  { lastStartMs, detectedAtMs }: Pick<IncidentState, 'lastStartMs' | 'detectedAtMs'>,
  afterMs: number,
): boolean {
  return afterMs > 0 && detectedAtMs - lastStartMs >= afterMs;
}

const hourMs = 3_600_000;

function asStanding(decided: Decided, { lastStartMs, detectedAtMs }: IncidentState): Decided {
  const hours = String(Math.floor((detectedAtMs - lastStartMs) / hourMs));
  const others = decided.reasons.filter(({ code }) => code !== 'severity');
  return {
    ...decided,
    level: atMostTicket(decided.level),
    reasons: [{ code: 'standing', detail: hours }, ...others],
  };
}

function atMostTicket(level: TriageLevel): TriageLevel {
  return level === 'page' ? 'ticket' : level;
}

function wasHeldBack({ heldBack: held, triage }: Pick<IncidentState, 'heldBack' | 'triage'>): boolean {
  return held !== null || triage?.reasons.some(({ code }) => code === 'was-held') === true;
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
  // What is over by the end of its window wakes nobody.
  const level = wasHeldBack(incident) && !isOpen(incident) ? atMostTicket(held.level) : held.level;
  if (before === null) return { ...held, level };
  incident.heldBack = null;
  step.touchIncident(incident);
  return { ...held, level, reasons: [...held.reasons, { code: 'was-held', detail: before.rule }] };
}
