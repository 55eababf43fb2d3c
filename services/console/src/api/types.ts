/**
 * The API's JSON as the console reads it. Names and fields come from the protos in protos/faultline/v1. This file adds what a proto cannot
 * express: which messages are always set, and which values a text takes.
 */
import type * as api from './types.generated.ts';

type Always<Message, Key extends keyof Message> = Omit<Message, Key> & {
  readonly [Name in Key]: NonNullable<Message[Name]>;
};

export type Role = 'cause' | 'affected' | 'symptom' | 'healthy' | 'blind';

export interface Change extends Always<api.JudgedChange, 'startedAt'> {
  readonly verdict: 'suspect' | 'possible' | 'innocent';
}

/** The weight is in log-odds. A negative one is evidence against the cause. */
export type Evidence = api.Evidence;

export interface Hypothesis extends Always<api.Hypothesis, 'cause' | 'refutation'> {
  readonly change: Change | null;
}

export interface GraphNode extends api.GraphNode {
  readonly role: Role;
}

export type GraphEdge = Always<api.GraphEdge, 'lastSeen'>;

export interface Graph extends api.Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface Alert extends Always<api.Alert, 'startsAt'> {
  readonly status: 'firing' | 'resolved' | 'expired';
}

export interface Incident extends Always<api.Incident, 'scope' | 'startedAt' | 'detectedAt' | 'updatedAt'> {
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly verdict: 'identified' | 'inconclusive';
  readonly evidenceState: 'pending' | 'provisional' | 'settled';
  readonly alerts: readonly Alert[];
  readonly evidenceRetry: Always<api.EvidenceRetry, 'since'> | null;
  readonly concurrent: api.ConcurrentIncidents;
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: Graph;
  readonly changes: readonly Change[];
  readonly timeline: readonly Always<api.TimelineEntry, 'at'>[];
}

export type AlertExplanation = api.AlertExplanation;

/** A message of the watch: its token and one of the other fields. */
export interface WatchMessage extends Pick<api.WatchIncidentsResponse, 'resumeToken'> {
  readonly incident?: Incident;
  readonly retiredId?: string;
  readonly caughtUp?: boolean;
}

export type WorkloadState = 'failing' | 'rolling-out' | 'warning' | 'scaled-down' | 'healthy';

export interface WorkloadHealth extends api.WorkloadHealth {
  readonly state: WorkloadState;
}

export interface WorkloadReference extends api.WorkloadReference {
  readonly object: api.ObjectReference;
}

export interface WorkloadSummary extends api.WorkloadSummary {
  readonly workload: WorkloadReference;
  readonly health: WorkloadHealth;
}

export interface ObjectFault extends Always<api.ObjectFault, 'object' | 'since'> {
  readonly changedBy: Always<api.FaultChange, 'object' | 'at'> | null;
}

/** A change of a cluster or of another source, without a verdict. */
export type RecordedChange = Always<api.Change, 'startedAt'>;

export interface Finding extends api.Finding {
  readonly fault: ObjectFault;
  readonly change: RecordedChange | null;
}

export interface Workload extends api.Workload {
  readonly summary: WorkloadSummary;
  readonly findings: readonly Finding[];
  readonly pastFindings: readonly Finding[];
  readonly rollouts: readonly RecordedChange[];
  readonly changes: readonly RecordedChange[];
  readonly pods: readonly Always<api.Pod, 'startedAt'>[];
}

export interface WorkloadList extends api.ListWorkloadsResponse {
  readonly workloads: readonly WorkloadSummary[];
}
