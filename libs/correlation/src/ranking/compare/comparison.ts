/** What every detector reads: the rows of both windows side by side, by service, and the graph of the services. */
import type { CauseKind, EvidenceResult, PresenceRow, TimeRange } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import type { Window } from '../input/window.ts';
import type { Onset } from '../onset/moment.ts';
import type { Groups } from '../rows/group.ts';
import type { ServiceGraph } from '../rows/service-graph.ts';
import type { LatencyAttribution } from './attribution/attribution.ts';
import type { EdgeComparison, OperationComparison } from './calls.ts';
import type { PlacedInstance } from './failure-domains.ts';
import type { MetricShift } from './metric-shifts.ts';
import type { PatternComparison } from './patterns.ts';

/** Functions take the fields that they need (`Pick<Comparison, ...>`), so that a test can make them by hand. */
export interface Comparison extends ServiceGraph {
  readonly input: RankingInput;
  /** Slices of the evidence; empty without evidence. */
  readonly slices: readonly TimeRange[];
  /** The newest data of each signal; null without evidence. */
  readonly watermarks: EvidenceResult['watermarks'] | null;
  /** When the incident began, and where the two windows part. */
  readonly onset: Onset;
  /** The same for one service, from its own signals where they are clear. In ms. */
  readonly onsetOf: (service: string) => number;
  /** The window of every slice. */
  readonly windows: readonly Window[];
  /** Which slices are around the start of the first alert. */
  readonly atAlert: readonly boolean[];
  /** The grouped rows, for a look at other windows. */
  readonly groups: Groups;
  readonly operations: readonly OperationComparison[];
  readonly edges: readonly EdgeComparison[];
  readonly patterns: readonly PatternComparison[];
  readonly shifts: readonly MetricShift[];
  readonly presence: readonly PresenceRow[];
  /** Instances with their node and zone, and how healthy they are. */
  readonly instances: readonly PlacedInstance[];
  /** Where the added time went. */
  readonly attribution: LatencyAttribution;
  /** Failing calls that are their caller's fault, with the mechanism. */
  readonly callerFaults: ReadonlyMap<EdgeComparison, CauseKind>;
  /** Services whose own time and errors may belong to a callee: they time out, or their calls fail. */
  readonly waiting: ReadonlySet<string>;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  /** Services that answer worse than before, whoever is to blame. Sorted by name. */
  readonly degraded: ReadonlySet<string>;
}
