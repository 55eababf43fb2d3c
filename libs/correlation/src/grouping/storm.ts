import { isOpen } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { AlertState, IncidentState, ScopeState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { traitKeys } from '../state/traits.ts';
import { environmentsOf, mayBeIn, tellingOnes } from './environment.ts';
import { nearServices } from './graph.ts';
import type { Knowledge } from './reason.ts';

/** The incidents of the last minutes, by detection. Older ones are forgotten here. */
export function recentIncidents({ index, config }: ScopeState, atMs: number): Iterable<IncidentState> {
  return index.recent(atMs - Math.max(config.stormHoldMs, config.concurrentMs));
}

/** Open incidents of the last minutes with an alert that has a trait of this one. */
export function traitCandidates(
  { index, incidents, config }: ScopeState,
  alert: AlertState,
  atMs: number,
): IncidentState[] {
  const ids = new Set(traitKeys(alert).flatMap((key) => [...index.byEntity.get(key)]));
  return [...ids]
    .flatMap((id) => incidents.get(id) ?? [])
    .filter((incident) => isOpen(incident) && incident.detectedAtMs >= atMs - config.stormGapMs);
}

/**
 * Whether an incident may take the alert in for nearness in time, until its evidence is in. Rules out most incidents at little cost: there may be thousands in the
 * minute of a storm. May return a false positive, never a false negative.
 */
export function mayShareStorm(
  state: ScopeState,
  known: Knowledge,
  incident: IncidentState,
  { entities, environment, startsAtMs }: AlertState,
): boolean {
  const { config } = known;
  if (incident.status === 'resolved' || incident.detached || incident.regrouped) return false;
  if (startsAtMs < incident.startedAtMs - config.stormGapMs) return false;
  if (startsAtMs > incident.lastStartMs + config.stormGapMs) return false;
  const environments = environmentsOf(state, incident);
  if (!mayBeIn(state, environments, environment)) return false;
  const { service } = subjectOf(entities);
  const graph = known.graphOf(environments.length > 0 ? environments : tellingOnes(state, [environment]));
  if (!graph.services.has(service)) return true;
  const members = membersOf(state, incident.id).servicesIn(graph.services);
  if (members.length === 0) return true;
  const near = nearServices(graph, service, config.maxHops);
  return members.some((name) => near.has(name));
}
