/** The interface of the store, by the role of its user. */
import type { Change, EvidenceQuery, Incident, IncidentAlert, TimeRange, WorkloadFinding } from '@faultline/model';
import type { DamageListener } from './damage/watch.ts';
import type { AlertHistory, AlertKey } from './queries/alert-history.ts';
import type { AlertMatch, AlertSearch } from './queries/alert-search.ts';
import type { ChangeFilter } from './queries/changes.ts';
import type { EntityHealth, HealthRequest } from './queries/entity-health.ts';
import type { KnownEnvironment } from './queries/environments.ts';
import type { EvidenceRows } from './queries/evidence.ts';
import type { FindingFilter } from './queries/findings.ts';
import type { FiringHistory, FiringHistoryRequest } from './queries/firing-history.ts';
import type { Graph } from './queries/graph.ts';
import type { IncidentAlertsRequest } from './queries/incident-alerts.ts';
import type { IncidentFilter, RevisionRequest } from './queries/incidents.ts';
import type { Page, PageRequest } from './queries/page.ts';
import type { StageTimes, StageTimesRequest } from './queries/stage-times.ts';
import type { ReadScope } from './queries/statement.ts';
import type { ContainerUsage, ContainerUsageRequest } from './queries/usage/container-usage.ts';
import type { Batch } from './rows.ts';

export interface StoreWriter {
  /**
   * Writes batches one after another. When it resolves, all are on disk (the parts are synced). Not atomic across
   * batches: after an error, repeat the whole call with the same tokens; batches that were written before are not
   * written again. An empty batch is skipped. Rejects with STORE_UNAVAILABLE (transient: repeat) or STORE_REJECTED
   * (permanent: these rows will never be accepted).
   */
  insert(batches: readonly Batch[]): Promise<void>;
}

export interface EvidenceReader {
  /**
   * Answers an evidence query from the windows as they are now, without waiting for telemetry. Bounded: 20,000 rows per
   * kind (whole keys, busiest first), 1,500 series, and the time until the query's deadline (at least 1 s, at most
   * `store.maxQueryMs`). Parts that failed or were truncated are named in `missing`; rejects only when all parts
   * failed. Edges are summed over operations and the caller's instances, which are then empty. Operations are summed
   * over instances and versions when these would not fit.
   */
  answerEvidence(query: EvidenceQuery): Promise<EvidenceRows>;
}

/**
 * What the query service reads. Each method rejects with STORE_UNAVAILABLE when it takes longer than
 * `store.maxQueryMs`.
 */
export interface HistoryReader {
  /** Lists the latest revision of each incident, latest start first. Rejects with STORE_BAD_PAGE_TOKEN. */
  listIncidents(filter: IncidentFilter, page: PageRequest): Promise<Page<Incident>>;
  /** Returns one revision, or the latest when `revision` is null. Null when there is none. */
  getIncidentRevision(request: RevisionRequest): Promise<Incident | null>;
  /** How long resolved incidents took to each stage, by month, team, service and kind; latest month first. At most 5,000 rows. */
  stageTimes(request: StageTimesRequest): Promise<readonly StageTimes[]>;
  /** What alerts did in past incidents, and what people did about them, latest first. At most 50,000 incidents and 100,000 firings. */
  firingHistory(request: FiringHistoryRequest): Promise<FiringHistory>;
  /** Lists the members of an incident by start. Rejects with STORE_BAD_PAGE_TOKEN. */
  listIncidentAlerts(request: IncidentAlertsRequest, page: PageRequest): Promise<Page<IncidentAlert>>;
  /** Returns the newest 50 transitions of one alert, and the newest 20 incidents that it was or is a member of. */
  alertHistory(alert: AlertKey): Promise<AlertHistory>;
  /** Lists alerts whose fingerprint, name or a label resembles a text, last received first. At most 10. */
  searchAlerts(search: AlertSearch): Promise<readonly AlertMatch[]>;
  /** Lists changes in their last state, latest start first, without `raw`. Rejects with STORE_BAD_PAGE_TOKEN. */
  listChanges(filter: ChangeFilter, page: PageRequest): Promise<Page<Change>>;
  /** Lists faults of one cluster's objects in their last version, latest start first. At most 500. */
  listFindings(filter: FindingFilter): Promise<readonly WorkloadFinding[]>;
  /** Returns who calls whom in a time range. At most 5,000 services and 20,000 edges, busiest first. */
  graph(scope: ReadScope, range: TimeRange): Promise<Graph>;
  /** Lists the environments of a tenant that sent telemetry since the day of this time, last seen first. At most 500. */
  environments(request: { readonly tenant: string; readonly fromMs: number }): Promise<readonly KnownEnvironment[]>;
  /** Returns the health of one service in a time range. The lists are empty for an unknown service. */
  entityHealth(request: HealthRequest): Promise<EntityHealth>;
  /** Returns what containers used by day, and each pod of them on the last day. At most 200,000 rows of each. */
  containerUsage(request: ContainerUsageRequest): Promise<ContainerUsage>;
}

export interface Store extends StoreWriter, EvidenceReader, HistoryReader {
  /**
   * Calls `listener` with every damaged part that is set aside, now and later. Returns the function that ends it. Only
   * the embedded engine sets parts aside.
   */
  onDamaged(listener: DamageListener): () => void;
  /** Whether the engine responds. Never rejects. */
  ping(): Promise<boolean>;
  /**
   * Rejects when a server that was down at the start came back with tables that cannot be used; no call will succeed
   * then. Resolves on stop.
   */
  readonly done: Promise<void>;
}
