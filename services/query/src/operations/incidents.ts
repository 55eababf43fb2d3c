import type { createAlertExplainer } from '../alert-decision/explain.ts';
import { explainAlertRequest } from '../alert-decision/requests.ts';
import { type Operation, stream, unary } from '../api/operation.ts';
import type { createIncidentReader } from '../incident/read.ts';
import * as incident from '../incident/requests.ts';
import type { createWatcher } from '../incident/watch.ts';

export interface IncidentHandlers {
  readonly reader: ReturnType<typeof createIncidentReader>;
  readonly watch: ReturnType<typeof createWatcher>;
  readonly explainAlert: ReturnType<typeof createAlertExplainer>;
}

export function incidentOperations({ reader, watch, explainAlert }: IncidentHandlers): readonly Operation[] {
  return [
    unary({
      rpc: 'IncidentService/ListIncidents',
      http: 'GET /incidents',
      summary: 'List incidents, newest first.',
      request: incident.listIncidentsRequest,
      handle: reader.list,
    }),
    unary({
      rpc: 'IncidentService/GetIncident',
      http: 'GET /incidents/{id}',
      summary: 'Get one incident with its first 100 alerts.',
      request: incident.getIncidentRequest,
      handle: reader.get,
    }),
    unary({
      rpc: 'IncidentService/ListIncidentAlerts',
      http: 'GET /incidents/{id}/alerts',
      summary: 'List all alerts of an incident, by start time.',
      request: incident.listIncidentAlertsRequest,
      handle: reader.listAlerts,
    }),
    unary({
      rpc: 'IncidentService/ListStageTimes',
      http: 'GET /stage-times',
      summary: 'How long resolved incidents took to each stage, by month, team, service and kind of fault.',
      request: incident.listStageTimesRequest,
      handle: reader.listStageTimes,
    }),
    unary({
      rpc: 'IncidentService/ExplainAlert',
      http: 'GET /alerts/explain',
      summary: 'Why one alert was paged or not, step by step.',
      request: explainAlertRequest,
      handle: explainAlert,
    }),
    stream({
      rpc: 'IncidentService/WatchIncidents',
      http: 'GET /incidents:watch',
      summary: 'Stream the current incidents, then each new revision. Over HTTP: server-sent events.',
      request: incident.watchIncidentsRequest,
      handle: watch,
    }),
  ];
}
