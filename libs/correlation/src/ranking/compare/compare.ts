/** Folds an answer into the context that everything else judges. */
import type { EvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { findOnset } from '../onset/find-onset.ts';
import type { Onset } from '../onset/moment.ts';
import type { Groups } from '../rows/group.ts';
import { groupRows } from '../rows/groups.ts';
import { alertedService, allServices, declaredLinks, neighbours, relatedTo } from '../rows/service-graph.ts';
import { timeLedger } from './attribution/attribution.ts';
import { callerSideEdges } from './caller-faults.ts';
import { foldEdges, foldOperations, type Side } from './calls.ts';
import type { Context } from './comparison.ts';
import { placedInstances } from './failure-domains.ts';
import { slicesAtAlert } from './lasting.ts';
import { metricShifts } from './metric-shifts.ts';
import { foldSteps } from './patterns.ts';
import { waitingServices } from './waiting.ts';

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
export function sidesOf(answer: EvidenceResult, duringFromMs: number, beforeToMs: number): Side[] {
  return answer.slices.map(({ fromMs, toMs }): Side => {
    if (fromMs >= duringFromMs) return true;
    return toMs <= beforeToMs || beforeToMs >= duringFromMs ? false : undefined;
  });
}

const nothing: EvidenceResult = {
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
