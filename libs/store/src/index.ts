/**
 * The store: ClickHouse, embedded or on a server. It keeps telemetry, its 10 s windows and the history of incidents, writes by named
 * batches that are never counted twice, and answers a fixed set of bounded questions. It decides nothing and joins nothing: rows come
 * ready from the recorder.
 */
export { type StoreConfig, storeConfig } from './config.ts';
export { type StoreErrorCode, storeErrors } from './errors.ts';
export { alertRow, changeRow, declaredEdgeRows, incidentAlertRow, incidentRow } from './history.ts';
export type * from './history-rows.ts';
export type { EvidenceReader, HistoryReader, Store, StoreWriter } from './port.ts';
export type { EntityHealth, HealthRequest } from './queries/entity-health.ts';
export type { EvidenceRows } from './queries/evidence.ts';
export type { Graph, GraphService } from './queries/graph.ts';
export type { IncidentAlertsRequest } from './queries/incident-alerts.ts';
export type { IncidentFilter, RevisionRequest } from './queries/incidents.ts';
export type { Page, PageRequest } from './queries/page.ts';
export * from './rows.ts';
export { createStore, type StoreOptions } from './store.ts';
