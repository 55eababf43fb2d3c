/** Collects what is known of one alert: from memory, the store and the log. */
import type { Bus } from '@faultline/bus';
import type { Incident } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { AlertHistory, AlertMembership } from '@faultline/store';
import { unavailable } from '../errors.ts';
import type { IncidentReadModel } from '../incident/read-model.ts';
import type { ReadStore } from '../read-model/store.ts';
import type { DeliveryReadModel } from './delivery-read-model.ts';
import type { AlertFacts, Suppression } from './facts.ts';
import { findRefusals } from './refusals.ts';
import type { ExplainAlertRequest } from './requests.ts';

/** The rule that keeps an alert from paging, by the rules of the correlator. Null: none. */
export type SuppressionOf = (alert: AlertHistory['transitions'][number]) => Suppression | null;

export interface GatherOptions {
  readonly bus: Bus;
  readonly incidents: IncidentReadModel;
  readonly deliveries: DeliveryReadModel;
  readonly readStore: ReadStore;
  readonly suppressionOf: SuppressionOf;
  readonly clock: Clock;
}

type Asked = ExplainAlertRequest & { readonly tenant: string };

const searchedMs = 7 * 86_400_000;

/** Throws UNAVAILABLE while incidents or deliveries are still being read, or when the store does not answer and memory knows nothing of the alert. */
export async function gatherFacts(asked: Asked, options: GatherOptions): Promise<AlertFacts> {
  const { incidents, deliveries, suppressionOf, bus } = options;
  incidents.requireReady();
  if (!deliveries.ready) throw unavailable('still reading the deliveries; try again in a moment');
  const held = heldMemberships(asked, incidents);
  const history = await readHistory(asked, options, held.length > 0);
  const memberships = mergeMemberships(held, history.memberships);
  const known = await readIncidents(asked.tenant, memberships, options);
  const [latest] = history.transitions.filter(({ status }) => status === 'firing');
  const isUnheard = memberships.length === 0 && history.transitions.length === 0;
  return {
    transitions: history.transitions,
    memberships,
    incidents: known,
    deliveries: memberships.flatMap(({ incidentId }) => deliveries.of(incidentId)),
    suppression: memberships.length > 0 || latest === undefined ? null : suppressionOf(latest),
    refusals: memberships.length > 0 ? [] : await findRefusals(bus, asked),
    nearMatches: isUnheard ? await searchNear(asked, options) : [],
  };
}

/** Memory is ahead of the store, and answers while the store is down. It holds the first 100 alerts of an incident. */
function heldMemberships({ tenant, source, fingerprint }: Asked, incidents: IncidentReadModel): AlertMembership[] {
  return incidents
    .list(tenant)
    .toSorted((a, b) => b.startedAtMs - a.startedAtMs)
    .flatMap(({ id, revision, alerts }) =>
      alerts
        .filter((alert) => alert.fingerprint === fingerprint && (source === '' || alert.source === source))
        .map(({ reason }): AlertMembership => ({ incidentId: id, revision, membership: 'present', reason })),
    );
}

async function readHistory(alert: Asked, { readStore }: GatherOptions, isKnown: boolean): Promise<AlertHistory> {
  const { tenant, source, fingerprint } = alert;
  return await readStore((store) => store.alertHistory({ tenant, source, fingerprint })).catch((error: unknown) => {
    if (!isKnown) throw error;
    return { transitions: [], memberships: [] };
  });
}

/** What memory holds, then what only the store knows. */
function mergeMemberships(held: readonly AlertMembership[], stored: readonly AlertMembership[]) {
  const ids = new Set(held.map(({ incidentId }) => incidentId));
  return [...held, ...stored.filter(({ incidentId }) => !ids.has(incidentId))];
}

/** Most incidents that are read from the store for one answer. */
const maxRead = 5;

async function readIncidents(
  tenant: string,
  memberships: readonly AlertMembership[],
  { incidents, readStore }: GatherOptions,
): Promise<ReadonlyMap<string, Incident>> {
  const ids = memberships.map(({ incidentId }) => incidentId);
  const past = ids.filter((id) => incidents.get(tenant, id) === null).slice(0, maxRead);
  const read = past.map((incidentId) =>
    readStore((store) => store.getIncidentRevision({ tenant, incidentId, revision: null })),
  );
  const found = [...ids.map((id) => incidents.get(tenant, id)), ...(await Promise.all(read))];
  return new Map(found.flatMap((incident) => (incident === null ? [] : [[incident.id, incident] as const])));
}

async function searchNear({ tenant, fingerprint: text }: Asked, { readStore, clock }: GatherOptions) {
  return await readStore((store) => store.searchAlerts({ tenant, text, sinceMs: clock() - searchedMs }));
}
