/** The evidence folded for judging: rows summed into before and during, by service, and the graph that joins the services. */
import type { CauseKind, EvidenceAnswer, PresenceRow } from '@faultline/model';
import { callerSideEdges } from './fold/caller-side.ts';
import { type EdgePair, foldEdges, foldOperations, type OperationPair, type Side } from './fold/calls.ts';
import { type Groups, groupRows } from './fold/groups.ts';
import { slicesAtAlert } from './fold/lasting.ts';
import { alertedService, allServices, declaredLinks, neighbours, relatedTo } from './fold/neighbourhood.ts';
import { type PlacedInstance, placedInstances } from './fold/places.ts';
import { foldSteps, type StepPair } from './fold/steps.ts';
import { waitingServices } from './fold/waiting.ts';
import { type TimeLedger, timeLedger } from './ledger.ts';
import type { Onset } from './onset/moment.ts';
import { findOnset } from './onset.ts';
import type { RankingInput } from './ranking.ts';
import { type MetricShift, metricShifts } from './series.ts';

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

/**
 * Folds the answer at the onset that it shows, or at a given one. Slices between its two sides count neither as before nor as during.
 * Without an answer all lists are empty, and the graph is the declared one.
 */
export function createContext(
  asked: RankingInput,
  known?: Onset,
  groups = groupRows(asked.answer ?? nothing),
): Context {
  const input = untilNow(asked);
  const answer = input.answer ?? nothing;
  const places = placesOf(input, groups);
  const found = known === undefined ? findOnset(input, groups, (service) => places.related.has(service)) : null;
  const onset = known ?? found?.incident ?? unknown;
  const isDuring = sidesOf(answer, onset.duringFromMs, onset.beforeToMs);
  const operations = foldOperations(groups, isDuring);
  const edges = foldEdges(groups, isDuring);
  const { traced } = groups;
  const atAlert = slicesAtAlert(answer.slices, input.startedAtMs);
  const steps = foldSteps(groups, isDuring, { operations, atAlert });
  const callerFaults = callerSideEdges({
    edges,
    operations,
    steps,
    groups,
    sides: isDuring,
    services: places.services,
    input,
    onset,
    presence: answer.presence,
  });
  return {
    input,
    groups,
    onset,
    sides: isDuring,
    atAlert,
    callerFaults,
    onsetOf: found?.ofService ?? (() => onset.atMs),
    operations,
    edges,
    steps,
    shifts: metricShifts(answer.series, onset),
    presence: answer.presence,
    placed: placedInstances({ input, groups, sides: isDuring, onset, presence: answer.presence }),
    traced,
    waiting: waitingServices(operations, edges),
    ledger: timeLedger({
      operations,
      edges,
      traced,
      sides: isDuring,
      atAlert,
      callerFaults,
      alerting: places.alerting,
    }),
    ...places,
  };
}

/** A sender whose clock runs ahead, or that stamps a period with its end, does not make all others look silent since. */
function untilNow(input: RankingInput): RankingInput {
  if (input.answer === null) return input;
  const { spans, logs, metrics } = input.answer.watermarks;
  const [nowMs, answer] = [input.nowMs, input.answer];
  const watermarks = {
    spans: Math.min(spans, nowMs),
    logs: Math.min(logs, nowMs),
    metrics: Math.min(metrics, nowMs),
  };
  return { ...input, answer: { ...answer, watermarks } };
}

const unknown: Onset = { atMs: 0, beforeToMs: 0, duringFromMs: 0, isSeen: false };

/** The graph, and which services matter to the alerts. */
function placesOf(
  input: RankingInput,
  { edges }: Groups,
): Pick<Context, 'services' | 'callees' | 'callers' | 'alerting' | 'related'> {
  const links = [...edges.map(({ caller, callee }) => [caller, callee] as const), ...declaredLinks(input)];
  const callees = neighbours(links);
  const services = allServices(input, links);
  const alerting = new Set(input.alerts.map(alertedService).filter((name) => name !== ''));
  return {
    services,
    callees,
    callers: neighbours(links.map(([from, to]) => [to, from] as const)),
    alerting,
    related: relatedTo(alerting, callees, services),
  };
}

/** Which slices count as before, as during, or as neither. */
export function sidesOf(answer: EvidenceAnswer, duringFromMs: number, beforeToMs: number): Side[] {
  return answer.slices.map(({ fromMs, toMs }): Side => {
    if (fromMs >= duringFromMs) return true;
    return toMs <= beforeToMs || beforeToMs >= duringFromMs ? false : undefined;
  });
}

const nothing: EvidenceAnswer = {
  questionId: '',
  incidentId: '',
  slices: [],
  watermarks: { spans: 0, logs: 0, metrics: 0 },
  settled: false,
  missing: [],
  operations: [],
  edges: [],
  templates: [],
  children: [],
  series: [],
  presence: [],
  past: [],
};
