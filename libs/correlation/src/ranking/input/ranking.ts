/** What ranking needs and what it gives. A pure function of its input: same evidence, same bytes. */
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
  /** Earliest start of a member alert, by event time. */
  readonly startedAtMs: number;
  readonly alerts: readonly RankedAlert[];
  /** Changes of the scope from the last day up to now. */
  readonly changes: readonly Change[];
  readonly declaredEdges: readonly { readonly from: string; readonly to: string }[];
  /** Null when no evidence is in yet: alerts, changes and declared edges alone then decide. */
  readonly answer: EvidenceResult | null;
}

export interface Ranking {
  readonly verdict: 'identified' | 'inconclusive';
  /** Best first, one for each distinct cause service, no equal probabilities; at most 10. */
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: IncidentGraph;
  readonly changes: readonly JudgedChange[];
  /** Onset, refuting facts: entries that the ranking adds to the incident's timeline. */
  readonly timeline: readonly TimelineEntry[];
  /** What the judgement had to do without. */
  readonly missingEvidence: readonly MissingEvidence[];
  /** Whether the disturbance is still there in the latest slice; false lets an incident without firing alerts resolve. */
  readonly disturbed: boolean;
  /** Services of the graph that moved together with this incident: what grouping takes as a disturbed path. */
  readonly disturbedServices: readonly string[];
}
