/** Reads incidents from memory, or from the store when memory does not hold them. */
import {
  type EnvironmentRules,
  foldEnvironment,
  type Incident,
  type IncidentAlert,
  triageLevelOf,
} from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { IncidentFilter } from '@faultline/store';
import type { Call } from '../api/call.ts';
import { type Cursor, cutPage, encodeCursor, fitPage, parseCursor } from '../api/page.ts';
import { notFound } from '../errors.ts';
import type { ReadStore } from '../read-model/store.ts';
import { byAlertStart, byStartDescending, isAfterAlert, isAfterIncident, matchesFilter } from './filter.ts';
import { alertJson, incidentJson } from './json.ts';
import type { IncidentReadModel } from './read-model.ts';
import type { ListIncidentAlertsRequest, ListIncidentsRequest, ListStageTimesRequest } from './requests.ts';

export interface ReaderOptions {
  readonly readModel: IncidentReadModel;
  readonly readStore: ReadStore;
  /** By which names of environments are folded. */
  readonly environmentRules: EnvironmentRules;
  readonly clock: Clock;
}

const yearMs = 365 * 86_400_000;

/** The handlers that read incidents. */
export function createIncidentReader({ readModel, readStore, environmentRules, clock }: ReaderOptions) {
  const list = async (asked: ListIncidentsRequest, { tenant }: Call) => {
    // `prod` finds what is in production, and what an older release wrote as prod.
    const folded = foldEnvironment(asked.environment, environmentRules).environment;
    const request = { ...asked, environments: [...new Set([asked.environment, folded])].filter((name) => name !== '') };
    const { rows, nextPageToken } = request.history
      ? await listFromStore(readStore, tenant, request)
      : listFromMemory(readModel, tenant, request);
    const incidents = fitPage(rows, (incident) => incidentJson(incident, request.view));
    // Memory and store continue after the same key.
    const last = incidents.length < rows.length ? rows[incidents.length - 1] : undefined;
    return { incidents, nextPageToken: last === undefined ? nextPageToken : encodeCursor(incidentCursor(last)) };
  };

  const find = async (tenant: string, id: string): Promise<Incident> => {
    const held = readModel.get(tenant, id);
    if (held !== null) return held;
    const past = await readStore((store) => store.getIncidentRevision({ tenant, incidentId: id, revision: null }));
    if (past === null) throw notFound(`no incident ${id}`);
    return past;
  };

  const listAlerts = async (request: ListIncidentAlertsRequest, { tenant }: Call) => {
    const { pageSize: size, pageToken } = request;
    const incident = await find(tenant, request.id);
    if (hasAllAlerts(incident)) return alertsFromMemory(incident, request);
    const page = await readStore((store) =>
      store.listIncidentAlerts({ tenant, incidentId: request.id }, { size, token: pageToken || null }),
    );
    return { alerts: page.items.map(alertJson), nextPageToken: page.next ?? '' };
  };

  const listStageTimes = async ({ from, to }: ListStageTimesRequest, { tenant }: Call) => {
    const toMs = to ?? clock();
    const fromMs = from ?? toMs - yearMs;
    return { stageTimes: await readStore((store) => store.stageTimes({ tenant, fromMs, toMs })) };
  };

  const get = async ({ id }: { readonly id: string }, { tenant }: Call) => incidentJson(await find(tenant, id));
  return { list, get, listAlerts, listStageTimes, find };
}

type Listing = ListIncidentsRequest & { readonly environments: readonly string[] };

function listFromMemory(readModel: IncidentReadModel, tenant: string, request: Listing) {
  readModel.requireReady();
  const after = parseCursor(request.pageToken);
  const wanted = readModel.list(tenant).filter((incident) => matchesFilter(incident, request));
  const rows = wanted.filter((incident) => isAfterIncident(incident, after)).sort(byStartDescending);
  const { page, nextPageToken } = cutPage(rows, request.pageSize, incidentCursor);
  return { rows: page, nextPageToken };
}

/** The store does not know severities and levels of triage: a page may be shorter than asked for and still have a next one. */
async function listFromStore(readStore: ReadStore, tenant: string, request: Listing) {
  const { pageSize: size, pageToken, severity, triage } = request;
  const page = await readStore((store) =>
    store.listIncidents(storeFilter(tenant, request), { size, token: pageToken || null }),
  );
  const rows = page.items
    .filter((incident) => severity.length === 0 || severity.includes(incident.severity))
    .filter((incident) => triage.length === 0 || triage.includes(triageLevelOf(incident)));
  return { rows, nextPageToken: page.next ?? '' };
}

function storeFilter(tenant: string, request: Listing): IncidentFilter {
  const { status, environments, service, startedAfter, startedBefore } = request;
  return {
    tenant,
    ...(status.length === 0 ? {} : { statuses: status }),
    ...(environments.length === 0 ? {} : { environments }),
    ...(service === '' ? {} : { service }),
    ...(startedAfter === null ? {} : { fromMs: startedAfter }),
    ...(startedBefore === null ? {} : { toMs: startedBefore }),
  };
}

/** An incident carries its first 100 alerts: most need no store to show them all. */
function hasAllAlerts(incident: Incident): boolean {
  return incident.alerts.length >= incident.alertCount;
}

function alertsFromMemory(incident: Incident, { pageSize, pageToken }: ListIncidentAlertsRequest) {
  const after = parseCursor(pageToken);
  const rows = incident.alerts.filter((alert) => isAfterAlert(alert, after)).sort(byAlertStart);
  const { page, nextPageToken } = cutPage(rows, pageSize, alertCursor);
  return { alerts: page.map(alertJson), nextPageToken };
}

function incidentCursor(incident: Incident): Cursor {
  return [incident.startedAtMs, incident.id];
}

function alertCursor(alert: IncidentAlert): Cursor {
  return [alert.startsAtMs, alert.fingerprint];
}
