/** The rows of the history tables. `history.ts` makes them from the records of the topics. Times in milliseconds. */
import type { Entities, Severity } from '@faultline/model';
import type { ScopeColumns } from './rows.ts';

/** One alert transition. `alertRow` makes it. */
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

/** One change. `changeRow` makes it. An empty environment means every one of the tenant. */
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
}

/** One declared edge. `declaredEdgeRows` makes them. */
export interface DeclaredEdgeRow extends ScopeColumns {
  readonly Source: string;
  readonly Caller: string;
  readonly Callee: string;
  readonly DeclaredAt: number;
}

/** One revision of one incident; `Body` is the whole of it as JSON. `incidentRow` makes it. */
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
  readonly Body: string;
}

/** One member of one incident; the highest revision counts. `incidentAlertRow` makes it. */
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
}
