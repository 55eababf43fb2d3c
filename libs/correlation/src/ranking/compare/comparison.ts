/** The evidence folded for judging: rows summed into before and during, by service, and the graph that joins the services. */
import type { CauseKind, PresenceRow } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import type { Onset } from '../onset/moment.ts';
import type { Groups } from '../rows/group.ts';
import type { TimeLedger } from './attribution/added-time.ts';
import type { EdgePair, OperationPair, Side } from './calls.ts';
import type { PlacedInstance } from './instances.ts';
import type { MetricShift } from './metric-shifts.ts';
import type { StepPair } from './patterns.ts';

export interface Context {
  readonly input: RankingInput;
  readonly services: readonly string[];
  /** When the harm is taken to have begun, and where before and during part. */
  readonly onset: Onset;
  /** The same for one service, from its own signals where they are clear. */
  readonly onsetOf: (service: string) => number;
  /** Which slices count as before, as during, or as neither. */
  readonly sides: readonly Side[];
  /** Which slices are about the start of the first alert. */
  readonly atAlert: readonly boolean[];
  /** The answer's rows, for looking again at other times. */
  readonly groups: Groups;
  readonly operations: readonly OperationPair[];
  readonly edges: readonly EdgePair[];
  readonly steps: readonly StepPair[];
  readonly shifts: readonly MetricShift[];
  readonly presence: readonly PresenceRow[];
  /** Instances with their node and zone, and how they fare. */
  readonly placed: readonly PlacedInstance[];
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
  /** Where the added time went. */
  readonly ledger: TimeLedger;
  /** Failing calls that are their caller's fault, with the mechanism. */
  readonly callerFaults: ReadonlyMap<EdgePair, CauseKind>;
  /** Services whose own time and errors may be those of a callee: they time out, or their calls fail. */
  readonly waiting: ReadonlySet<string>;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  readonly alerting: ReadonlySet<string>;
  /** What the alerting services call, directly or not, and they themselves; everything when the graph does not know them. */
  readonly related: ReadonlySet<string>;
}
