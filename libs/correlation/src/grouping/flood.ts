/**
 * An alert flood: more incidents would open within a minute than anybody can look at. What nothing connects then shares one incident, which
 * says so and names no cause. No evidence is read for it: the incidents that opened before have that. Critical and error alerts are counted
 * apart and have floods of their own. See docs/adr/0033-last-resorts.md.
 */
import { isOpen } from '../state/incident.ts';
import type { AlertState, FloodReason, IncidentState, ScopeState } from '../state/state.ts';
import { type FloodClass, floodClassOf, type OpeningBudget, unlimitedBudget } from './opening-budget.ts';
import { recentIncidents } from './storm.ts';

const windowMs = 60_000;

/** Where an alert goes that would open one incident too many. `into` is null: it opens the incident of the flood. */
export interface Flood {
  readonly reason: FloodReason;
  readonly into: IncidentState | null;
}

/** Null while an alert may open an incident of its own. */
export function decideFlood(state: ScopeState, alert: AlertState, atMs: number): Flood | null {
  return openingsLeft(state, atMs)[floodClassOf(alert)] > 0 ? null : floodOf(state, alert);
}

/** How many incidents of each class may open now. */
export function openingsLeft(state: ScopeState, atMs: number): OpeningBudget {
  const { maxOpenedPerMinute: most } = state.config;
  if (most === 0) return unlimitedBudget();
  const budget: OpeningBudget = { critical: most, error: most, mild: most };
  for (const incident of openedSince(state, atMs - windowMs, atMs)) spend(budget, classOf(state, incident));
  return budget;
}

function spend(budget: OpeningBudget, one: FloodClass): void {
  budget[one] = Math.max(0, budget[one] - 1);
}

/** The flood that takes an alert beyond those. */
export function floodOf(state: ScopeState, alert: AlertState): Flood {
  const { maxOpenedPerMinute } = state.config;
  return { reason: { kind: 'flood', opened: maxOpenedPerMinute }, into: openFlood(state, alert) };
}

/** Incidents that opened since then and are open. One that evidence merged with another is not. */
function openedSince(state: ScopeState, sinceMs: number, atMs: number): readonly IncidentState[] {
  return [...recentIncidents(state, atMs)].filter(
    (incident) => incident.detectedAtMs > sinceMs && isOpen(incident) && incident.isFlood !== true,
  );
}

/** The class of the alert that opened an incident. An incident gets worse with its members, which must not open the flood to others. */
function classOf({ alerts }: ScopeState, { anchor, severity }: IncidentState): FloodClass {
  return floodClassOf(alerts.get(anchor) ?? { severity });
}

/** The open flood of the alert's class that the alert is near in time; the first one where there are several. */
function openFlood(state: ScopeState, alert: AlertState): IncidentState | null {
  const { index, incidents, config } = state;
  const { startsAtMs } = alert;
  for (const id of [...index.floods].sort()) {
    const flood = incidents.get(id);
    if (flood === undefined || !isOpen(flood) || classOf(state, flood) !== floodClassOf(alert)) continue;
    const { startedAtMs, lastStartMs } = flood;
    if (startsAtMs >= startedAtMs - config.joinGapMs && startsAtMs <= lastStartMs + config.joinGapMs) return flood;
  }
  return null;
}
