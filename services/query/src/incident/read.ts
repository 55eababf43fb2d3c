/** Reading incidents: from memory where it holds them, else from the store. */
import type { Incident, IncidentAlert } from '@faultline/model';
import type { Call } from '../api/call.ts';
import { type Cursor, cutPage, parseCursor } from '../api/page.ts';
import { notFound } from '../errors.ts';
import { askStore, type History } from '../view/history.ts';
import type { IncidentBook } from './book.ts';
import { byAlertStart, byStartDescending, isAfterAlert, isAfterIncident, matchesFilter } from './filter.ts';
import { alertJson, incidentJson } from './json.ts';
import type { ListIncidentAlertsRequest, ListIncidentsRequest } from './requests.ts';

export interface ReaderOptions {
  readonly book: IncidentBook;
  readonly history: History;
  readonly storeTimeoutMs: number;
}

/** The handlers that read incidents. */
export function createIncidentReader({ book, history, storeTimeoutMs }: ReaderOptions) {
  const fromMemory = (tenant: string, request: ListIncidentsRequest, after: Cursor | null) => {
    book.requireReady();
    const wanted = book.list(tenant).filter((incident) => matchesFilter(incident, request));
    return wanted.filter((incident) => isAfterIncident(incident, after)).sort(byStartDescending);
  };

  const list = async (request: ListIncidentsRequest, { tenant }: Call) => {
    const after = parseCursor(request.pageToken);
    const question = { tenant, filter: request, after, limit: request.pageSize + 1 };
    const rows = request.history
      ? await askStore(history.listIncidents(question), storeTimeoutMs)
      : fromMemory(tenant, request, after);
    const { page, nextPageToken } = cutPage(rows, request.pageSize, incidentCursor);
    return { incidents: page.map((incident) => incidentJson(incident, request.view)), nextPageToken };
  };

  const find = async (tenant: string, id: string): Promise<Incident> => {
    const held = book.get(tenant, id);
    if (held !== null) return held;
    const past = await askStore(history.getIncident({ tenant, id }), storeTimeoutMs);
    if (past === null) throw notFound(`no incident ${id}`);
    return past;
  };

  const listAlerts = async (request: ListIncidentAlertsRequest, { tenant }: Call) => {
    const after = parseCursor(request.pageToken);
    const incident = await find(tenant, request.id);
    const rows = hasAllAlerts(incident)
      ? incident.alerts.filter((alert) => isAfterAlert(alert, after)).sort(byAlertStart)
      : await askStore(
          history.listIncidentAlerts({ tenant, id: request.id, after, limit: request.pageSize + 1 }),
          storeTimeoutMs,
        );
    const { page, nextPageToken } = cutPage(rows, request.pageSize, alertCursor);
    return { alerts: page.map(alertJson), nextPageToken };
  };

  const get = async ({ id }: { readonly id: string }, { tenant }: Call) => incidentJson(await find(tenant, id));
  return { list, get, listAlerts };
}

/** An incident carries its first 100 alerts: most need no store to show them all. */
function hasAllAlerts(incident: Incident): boolean {
  return incident.alerts.length >= incident.alertCount;
}

function incidentCursor(incident: Incident): Cursor {
  return [incident.startedAtMs, incident.id];
}

function alertCursor(alert: IncidentAlert): Cursor {
  return [alert.startsAtMs, alert.fingerprint];
}
