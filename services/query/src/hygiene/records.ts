/** What each alert did: its firings, and the incidents that it was in. */
import type { AlertedIncident, AlertFiring, FiringHistory } from '@faultline/store';

/** One alert, by its name and the tool that sends it. */
export interface AlertRecord {
  readonly name: string;
  readonly source: string;
  /** By start. */
  readonly firings: readonly AlertFiring[];
  /** By start. */
  readonly incidents: readonly AlertedIncident[];
  /** Its firings by incident. */
  readonly byIncident: ReadonlyMap<string, readonly AlertFiring[]>;
  /** Those of its incidents that hold no other alert: what it pages for by itself. */
  readonly alone: readonly AlertedIncident[];
}

/** The records of all alerts, by name. A firing whose incident is not known is left out. */
export function alertRecords({ incidents, firings }: FiringHistory): readonly AlertRecord[] {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const known = firings.filter(({ incidentId }) => byId.has(incidentId));
  const keysOf = new Map<string, Set<string>>();
  for (const firing of known)
    keysOf.set(firing.incidentId, (keysOf.get(firing.incidentId) ?? new Set()).add(keyOf(firing)));
  return [...Map.groupBy(known, keyOf).values()]
    .map((group) => recordOf(group, byId, keysOf))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.source < b.source ? -1 : 1));
}

function recordOf(
  group: readonly AlertFiring[],
  byId: ReadonlyMap<string, AlertedIncident>,
  keysOf: ReadonlyMap<string, ReadonlySet<string>>,
): AlertRecord {
  const ids = new Set(group.map(({ incidentId }) => incidentId));
  const incidents = [...ids]
    .flatMap((id) => byId.get(id) ?? [])
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1));
  return {
    name: group[0]?.name ?? '',
    source: group[0]?.source ?? '',
    firings: [...group].sort((a, b) => a.startsAtMs - b.startsAtMs),
    incidents,
    byIncident: Map.groupBy(group, ({ incidentId }) => incidentId),
    alone: incidents.filter(({ id }) => keysOf.get(id)?.size === 1),
  };
}

function keyOf({ source, name }: AlertFiring): string {
  return `${source}\n${name}`;
}

/** Users or a service were affected. Unknown is no proof of harm, and no proof of health. */
export function hadImpact({ impact }: AlertedIncident): boolean {
  return impact === 'limited' || impact === 'broad';
}
