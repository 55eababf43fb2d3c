/** The evidence folded for judging: rows summed into before and during, by service, and the graph that joins the services. */
import type { EvidenceAnswer, PresenceRow } from '@faultline/model';
import { type EdgePair, foldEdges, foldOperations, type OperationPair, type Side } from './fold/calls.ts';
import { alertedService, allServices, declaredLinks, neighbours, relatedTo } from './fold/neighbourhood.ts';
import { foldSteps, type StepPair } from './fold/steps.ts';
import { type TimeLedger, timeLedger } from './ledger.ts';
import type { RankingInput } from './ranking.ts';
import { type MetricShift, metricShifts } from './series.ts';

export interface Context {
  readonly input: RankingInput;
  readonly services: readonly string[];
  /** When the harm is taken to have begun; before and during part here. */
  readonly onsetMs: number;
  readonly operations: readonly OperationPair[];
  readonly edges: readonly EdgePair[];
  readonly steps: readonly StepPair[];
  readonly shifts: readonly MetricShift[];
  readonly presence: readonly PresenceRow[];
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
  /** Where the added time went. */
  readonly ledger: TimeLedger;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  readonly alerting: ReadonlySet<string>;
  /** What the alerting services call, directly or not, and they themselves; everything when the graph does not know them. */
  readonly related: ReadonlySet<string>;
}

/**
 * Folds the answer at `onsetMs`. Slices that start in the `unsureMs` before it count neither as before nor as during. Without an answer
 * all lists are empty, and the graph is the declared one.
 */
export function createContext(input: RankingInput, onsetMs: number, unsureMs = 0): Context {
  const answer = input.answer ?? nothing;
  const isDuring = sidesOf(answer, onsetMs, onsetMs - unsureMs);
  const operations = foldOperations(answer, isDuring);
  const edges = foldEdges(answer, isDuring);
  const links = [...edges.map(({ caller, callee }) => [caller, callee] as const), ...declaredLinks(input)];
  const traced = new Set(operations.map(({ service }) => service));
  const callees = neighbours(links);
  const services = allServices(input, links);
  const alerting = new Set(input.alerts.map(alertedService).filter((name) => name !== ''));
  return {
    input,
    onsetMs,
    operations,
    edges,
    steps: foldSteps(answer, isDuring, operations),
    shifts: metricShifts(answer.series, onsetMs),
    presence: answer.presence,
    callees,
    callers: neighbours(links.map(([from, to]) => [to, from] as const)),
    traced,
    ledger: timeLedger({ operations, edges, traced }),
    alerting,
    related: relatedTo(alerting, callees, services),
    services,
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
