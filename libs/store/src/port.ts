/** What the rest of Faultline sees of the store. */
import type { EvidenceQuery, Incident, IncidentAlert, Scope, TimeRange } from '@faultline/model';
import type { EntityHealth, HealthRequest } from './queries/entity-health.ts';
import type { EvidenceRows } from './queries/evidence.ts';
import type { Graph } from './queries/graph.ts';
import type { IncidentAlertsRequest } from './queries/incident-alerts.ts';
import type { IncidentFilter, RevisionRequest } from './queries/incidents.ts';
import type { Page, PageRequest } from './queries/page.ts';
import type { Batch } from './rows.ts';

export interface StoreWriter {
  /**
   * Writes the batches, one after the other, and resolves when all of them are safely on disk (the parts are synced). Not atomic across
   * batches: after an error, repeat the whole call with the same tokens, and what had been written is not written again. An empty batch
   * is skipped. Throws STORE_UNAVAILABLE (transient: repeat) or STORE_REJECTED (permanent: these rows will never go in).
   */
  insert(batches: readonly Batch[]): Promise<void>;
}

export interface EvidenceReader {
  /**
   * Answers from the windows as they are now; never waits for telemetry. Bounded: 20,000 rows of a kind (whole keys, busiest first), 5,000
   * series, and the time left
   * to the question's deadline (at least 1 s, at most `store.maxQueryMs`). What failed is in `missing`; throws only when all of it failed.
   * Edges are summed over instances and operations (both empty), operations over instances and versions when these would not fit.
   */
  answerEvidence(question: EvidenceQuery): Promise<EvidenceRows>;
}

/** What the query service reads. Each throws STORE_UNAVAILABLE when it takes longer than `store.maxQueryMs`. */
export interface HistoryReader {
  /** Incidents as they were last, latest start first. Throws STORE_BAD_PAGE_TOKEN. */
  listIncidents(filter: IncidentFilter, page: PageRequest): Promise<Page<Incident>>;
  /** One revision, or the latest when `revision` is null. Null when there is none. */
  getIncidentRevision(request: RevisionRequest): Promise<Incident | null>;
  /** Every member of an incident, by start. Throws STORE_BAD_PAGE_TOKEN. */
  listIncidentAlerts(request: IncidentAlertsRequest, page: PageRequest): Promise<Page<IncidentAlert>>;
  /** Who calls whom in a range. At most 5,000 services and 20,000 edges, busiest first. */
  graph(scope: Scope, range: TimeRange): Promise<Graph>;
  /** How one service did in a range. Empty lists for one that is not known. */
  entityHealth(request: HealthRequest): Promise<EntityHealth>;
}

export interface Store extends StoreWriter, EvidenceReader, HistoryReader {
  /** Whether the engine answers. Never throws. */
  ping(): Promise<boolean>;
  /**
   * Rejects when a server that was away at the start came back with tables that cannot be made ready; no call will succeed then. Resolves
   * on stop.
   */
  readonly done: Promise<void>;
}
