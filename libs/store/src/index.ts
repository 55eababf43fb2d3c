/**
 * The store: ClickHouse, embedded or on a server. It keeps telemetry, its 10 s windows and the history of incidents. It
 * writes named batches that never count twice, and answers a fixed set of bounded queries. It decides nothing. Start at
 * `port.ts`.
 */
export { storeConfig } from './config.ts';
export type { DamagedPart } from './damage/parts.ts';
export { storeErrors } from './errors.ts';
export {
  alertRow,
  changeRow,
  declaredEdgeRows,
  driftRow,
  incidentAlertRow,
  incidentRow,
  workloadFindingRow,
} from './history.ts';
export type { EvidenceReader, HistoryReader, Store, StoreWriter } from './port.ts';
export type { AlertHistory, AlertKey, AlertMembership, AlertTransition } from './queries/alert-history.ts';
export type { AlertMatch, AlertSearch } from './queries/alert-search.ts';
export type { ChangeFilter } from './queries/changes.ts';
export type { EntityHealth } from './queries/entity-health.ts';
export type { KnownEnvironment } from './queries/environments.ts';
export type { EvidenceRows } from './queries/evidence.ts';
export type { FindingFilter } from './queries/findings.ts';
export type { AlertedIncident, AlertFiring, FiringHistory, FiringHistoryRequest } from './queries/firing-history.ts';
export type { Graph } from './queries/graph.ts';
export type { IncidentFilter } from './queries/incidents.ts';
export type { Page, PageRequest } from './queries/page.ts';
export type { StageTimes, StageTimesRequest } from './queries/stage-times.ts';
export type {
  ContainerDay,
  ContainerFilter,
  ContainerKey,
  ContainerPod,
  ContainerUsage,
  ContainerUsageRequest,
} from './queries/usage/container-usage.ts';
export {
  type AggregationTemporality,
  type Batch,
  type ChildWindowRow,
  type ContainerUsageRow,
  type EdgeWindowRow,
  type ExponentialHistogramRow,
  type GaugeRow,
  type HistogramRow,
  type LogRow,
  type MetricWindowRow,
  noCalls,
  type OperationWindowRow,
  type PresenceRow,
  type Row,
  type RowOf,
  type SenderColumns,
  type SummaryRow,
  type SumRow,
  type TableName,
  type TemplateWindowRow,
  type TraceRow,
  usageHourMs,
  windowMs,
  windowStartMs,
} from './rows.ts';
export { createStore } from './store.ts';
export { createWindowAggregate, type WindowAggregate, type WindowRows } from './windows/aggregate.ts';
