/** What the ranking reads and returns. It is a pure function: the same evidence gives the same bytes. */
import type {
  Change,
  Entities,
  EvidenceResult,
  Hypothesis,
  IncidentGraph,
  JudgedChange,
  MissingEvidence,
  Severity,
  TimelineEntry,
  WorkloadFinding,
} from '@faultline/model';

export interface RankedAlert {
  readonly name: string;
  readonly severity: Severity;
  readonly startsAtMs: number;
  readonly status: 'firing' | 'resolved' | 'expired';
  readonly entities: Entities;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RankingInput {
  readonly nowMs: number;
  /** The earliest start of a member alert, by event time. */
  readonly startedAtMs: number;
  readonly alerts: readonly RankedAlert[];
  /** Changes of the scope in the last day, up to now. */
  readonly changes: readonly Change[];
  /** Faults of workloads that a cluster reports: those that are there, and those that ended in the last day. Absent: no cluster reports. */
  readonly findings?: readonly WorkloadFinding[];
  readonly declaredEdges: readonly { readonly from: string; readonly to: string }[];
  /** Null before evidence is in. Then alerts, changes and declared edges alone decide. */
  readonly answer: EvidenceResult | null;
}

export interface Ranking {
  readonly verdict: 'identified' | 'inconclusive';
  /** Best first, one for each service, no equal probabilities; at most 10. */
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: IncidentGraph;
  readonly changes: readonly JudgedChange[];
  /** Entries that the ranking adds to the timeline of the incident: the onset. */
  readonly timeline: readonly TimelineEntry[];
  /** What the judgement had to do without. */
  readonly missingEvidence: readonly MissingEvidence[];
  /** Whether the incident still shows in the latest slice. False lets an incident without firing alerts resolve. */
  readonly disturbed: boolean;
  /** Services that degraded together in this incident. Grouping takes them as one degraded path. */
  readonly disturbedServices: readonly string[];
}

/** Nothing is known and nothing is claimed. */
export const emptyRanking: Ranking = {
  verdict: 'inconclusive',
  hypotheses: [],
  graph: { nodes: [], edges: [] },
  changes: [],
  timeline: [],
  missingEvidence: [],
  disturbed: false,
  disturbedServices: [],
};
