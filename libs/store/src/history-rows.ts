/** The rows of the history tables. `history.ts` creates them from the records of the topics. Times are milliseconds. */
import type { AlertKind, Entities, PastRemediation, Severity } from '@faultline/model';
import type { ScopeColumns } from './scope-columns.ts';

/** One alert transition. `alertRow` creates it. */
export interface AlertHistoryRow extends ScopeColumns {
  readonly Id: string;
  readonly Source: string;
  readonly Fingerprint: string;
  readonly Name: string;
  readonly Status: 'firing' | 'resolved';
  readonly Severity: Severity;
  readonly Summary: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Annotations: Readonly<Record<string, string>>;
  readonly Entities: Entities;
  readonly StartsAt: number;
  readonly EndsAt: number | null;
  readonly ReceivedAt: number;
  readonly Url: string;
  readonly Raw: string;
}

/** One state of one change; see `sql/0060`. `changeRow` creates it. An empty environment means all environments of the tenant. */
export interface ChangeHistoryRow extends ScopeColumns {
  readonly Id: string;
  readonly Source: string;
  readonly Kind: string;
  readonly Entities: Entities;
  readonly Summary: string;
  readonly Actor: string;
  readonly StartedAt: number;
  readonly EndedAt: number | null;
  readonly Version: string;
  readonly PreviousVersion: string;
  readonly Url: string;
  readonly ReceivedAt: number;
  readonly Raw: string;
  readonly Cluster: string;
  /** Empty: the source reports no object of a cluster. */
  readonly ObjectKind: string;
  readonly ObjectNamespace: string;
  readonly ObjectName: string;
  /** The field manager that wrote the object. */
  readonly Manager: string;
  /** Empty: the change rolls nothing out. */
  readonly RolloutState: string;
  readonly RolloutAt: number;
  /** `ClusterChange` as JSON, or empty. */
  readonly Detail: string;
}

/** One version of one fault; the latest `ObservedAt` counts. `workloadFindingRow` creates it. */
export interface WorkloadFindingRow extends ScopeColumns {
  readonly Cluster: string;
  readonly Id: string;
  readonly Mechanism: string;
  readonly ObjectKind: string;
  readonly ObjectNamespace: string;
  readonly ObjectName: string;
  readonly Field: string;
  readonly TargetKind: string;
  readonly TargetName: string;
  readonly TargetKey: string;
  readonly Service: string;
  readonly Workload: string;
  readonly Node: string;
  readonly Reason: string;
  readonly Since: number;
  readonly EndedAt: number | null;
  readonly ObservedAt: number;
  readonly Affected: number;
  readonly Total: number;
  /** The change that may have made it, and who made that. Empty: none is known. */
  readonly ChangeId: string;
  readonly ChangedBy: string;
  /** Mechanism, object and field in words. */
  readonly Summary: string;
  /** The `WorkloadFinding` as JSON. */
  readonly Body: string;
}

/** One declared edge. `declaredEdgeRows` creates it. */
export interface DeclaredEdgeRow extends ScopeColumns {
  readonly Source: string;
  readonly Caller: string;
  readonly Callee: string;
  readonly DeclaredAt: number;
}

/** One value of one drift, from its start to its end. `driftRow` creates it. */
export interface DriftHistoryRow extends ScopeColumns {
  readonly Id: string;
  readonly Cluster: string;
  readonly ObjectKind: string;
  readonly Namespace: string;
  readonly Name: string;
  readonly Entities: Entities;
  readonly Against: string;
  readonly Reference: string;
  readonly Path: string;
  readonly Value: string | null;
  readonly Expected: string | null;
  readonly Area: string;
  readonly Risk: string;
  readonly Actor: string;
  readonly ChangeId: string;
  readonly Team: string;
  readonly Since: number;
  readonly EndedAt: number | null;
  readonly ObservedAt: number;
}

/** One revision of one incident. `Body` is the whole incident as JSON. `incidentRow` creates it. */
export interface IncidentHistoryRow extends ScopeColumns {
  readonly IncidentId: string;
  readonly Revision: number;
  readonly Status: 'open' | 'acknowledged' | 'resolved';
  readonly Title: string;
  readonly Severity: Severity;
  readonly StartedAt: number;
  readonly DetectedAt: number;
  readonly UpdatedAt: number;
  readonly ResolvedAt: number | null;
  readonly Verdict: 'identified' | 'inconclusive';
  readonly AlertCount: number;
  readonly CauseService: string;
  readonly CauseKind: string;
  readonly Services: readonly string[];
  readonly AlertNames: readonly string[];
  readonly Resolution: string;
  readonly Environments: readonly string[];
  readonly RejectedCauses: readonly string[];
  /** Who owns the likely cause; empty: nobody known. */
  readonly Team: string;
  /** When each stage was reached, ms since 1970. A stage that was not reached is left out. */
  readonly StageTimes: Readonly<Record<string, number>>;
  /** See `incidentTraits`. */
  readonly Traits: readonly string[];
  readonly Remediations: readonly PastRemediation[];
  readonly Body: string;
}

/** One member of one incident. The highest revision counts. `incidentAlertRow` creates it. */
export interface IncidentAlertHistoryRow extends ScopeColumns {
  readonly IncidentId: string;
  readonly Revision: number;
  readonly Source: string;
  readonly Fingerprint: string;
  readonly StartsAt: number;
  readonly Name: string;
  readonly Status: 'firing' | 'resolved' | 'expired';
  readonly Severity: Severity;
  readonly EndsAt: number | null;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Entities: Entities;
  readonly Entity: string;
  readonly Reason: string;
  readonly Url: string;
  readonly Membership: 'present' | 'left';
  readonly Kind: AlertKind;
  /** The environment that the alert itself names; empty when it names none. */
  readonly NamedEnvironment: string;
}
