/**
 * An alert flood: more incidents would open within a minute than anybody can look at. What nothing connects then shares one incident, which
 * says so and names no cause. No evidence is read for it: the incidents that opened before have that. See docs/adr/0033-last-resorts.md.
 */
import { isOpen } from '../state/incident.ts';
import type { AlertState, FloodReason, IncidentState, ScopeState } from '../state/state.ts';
import { recentIncidents } from './storm.ts';

const windowMs = 60_000;

/** Where an alert goes that would open one incident too many. `into` is null: it opens the incident of the flood. */
export interface Flood {
  readonly reason: FloodReason;
  readonly into: IncidentState | null;
}

/** Null while an alert may open an incident of its own. */
export function decideFlood(state: ScopeState, alert: AlertState, atMs: number): Flood | null {
  return openingsLeft(state, atMs) > 0 ? null : floodOf(state, alert);
}

/** How many incidents may open now. */
export function openingsLeft(state: ScopeState, atMs: number): number {
  const { maxOpenedPerMinute } = state.config;
  if (maxOpenedPerMinute === 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, maxOpenedPerMinute - openedSince(state, atMs - windowMs, atMs));
}

/** The flood that takes an alert beyond those. */
export function floodOf(state: ScopeState, alert: AlertState): Flood {
  const { maxOpenedPerMinute } = state.config;
  return { reason: { kind: 'flood', opened: maxOpenedPerMinute }, into: openFlood(state, alert) };
}

/** Incidents that opened since then and are open. One that evidence merged with another is not. */
function openedSince(state: ScopeState, sinceMs: number, atMs: number): number {
  let opened = 0;
  for (const incident of recentIncidents(state, atMs))
    if (incident.detectedAtMs > sinceMs && isOpen(incident) && incident.isFlood !== true) opened += 1;
  return opened;
}

/** The open flood that the alert is near in time; the first one where there are several. */
function openFlood({ index, incidents, config }: ScopeState, { startsAtMs }: AlertState): IncidentState | null {
  for (const id of [...index.floods].sort()) {
    const flood = incidents.get(id);
    if (flood === undefined || !isOpen(flood)) continue;
    const { startedAtMs, lastStartMs } = flood;
    if (startsAtMs >= startedAtMs - config.joinGapMs && startsAtMs <= lastStartMs + config.joinGapMs) return flood;
  }
  return null;
}
