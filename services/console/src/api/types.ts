/** The API's JSON, as far as the console reads it: the messages of protos/faultline/v1. */
export type Role = 'cause' | 'affected' | 'symptom' | 'healthy' | 'blind';

export interface Change {
  readonly id: string;
  readonly kind: string;
  readonly entity: string;
  readonly startedAt: string;
  readonly actor: string;
  readonly summary: string;
  readonly url: string;
  readonly verdict: 'suspect' | 'possible' | 'innocent';
  readonly reason: string;
}

export interface Evidence {
  readonly kind: string;
  readonly entity: string;
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  /** Log-odds; negative speaks against. */
  readonly weight: number;
  readonly query: string;
}

export interface Hypothesis {
  readonly rank: number;
  readonly probability: number;
  readonly since: string | null;
  readonly cause: { readonly service: string; readonly instance: string; readonly kind: string };
  readonly change: Change | null;
  readonly path: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly refutation: { readonly test: string; readonly result: string };
}

export interface GraphNode {
  readonly id: string;
  readonly service: string;
  readonly role: Role;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly errorRatio: number;
  readonly p95Ms: number;
  readonly source: string;
  readonly lastSeen: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface Alert {
  readonly fingerprint: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved' | 'expired';
  readonly severity: string;
  readonly startsAt: string;
  readonly entity: string;
  readonly reason: string;
  readonly source: string;
  readonly url: string;
}

export interface Incident {
  readonly id: string;
  readonly revision: number;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly scope: { readonly tenant: string; readonly environment: string };
  readonly title: string;
  readonly severity: string;
  readonly startedAt: string;
  readonly detectedAt: string;
  readonly updatedAt: string;
  readonly resolvedAt: string | null;
  /** What ended it; empty until it is resolved. */
  readonly resolution: string;
  readonly verdict: 'identified' | 'inconclusive';
  readonly evidenceState: 'pending' | 'provisional' | 'settled';
  readonly alertCount: number;
  readonly firingCount: number;
  readonly alerts: readonly Alert[];
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: Graph;
  readonly changes: readonly Change[];
  readonly similar: readonly {
    readonly incidentId: string;
    readonly similarity: number;
    readonly cause: string;
    readonly resolution: string;
    readonly minutesToRecovery: number;
  }[];
  readonly owners: readonly { readonly team: string; readonly contact: string; readonly why: string }[];
  readonly runbooks: readonly { readonly title: string; readonly url: string }[];
  readonly timeline: readonly { readonly at: string; readonly kind: string; readonly text: string }[];
  readonly missingEvidence: readonly string[];
}

export interface WatchMessage {
  readonly resumeToken: string;
  readonly incident?: Incident;
  readonly retiredId?: string;
  readonly caughtUp?: boolean;
}
