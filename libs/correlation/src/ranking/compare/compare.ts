/** Compares the two windows: makes of the evidence what the detectors read. */
import { emptyEvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { windowsOf } from '../input/window.ts';
import { findOnset } from '../onset/find-onset.ts';
import type { Onset } from '../onset/moment.ts';
import type { Groups } from '../rows/group.ts';
import { groupRows } from '../rows/groups.ts';
import { type ServiceGraph, serviceGraph } from '../rows/service-graph.ts';
import { attributeLatency } from './attribution/attribution.ts';
import { callerFaultsOf } from './caller-faults.ts';
import { compareEdges, compareOperations } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { placedInstances } from './failure-domains.ts';
import { slicesAtAlert } from './lasting.ts';
import { metricShifts } from './metric-shifts.ts';
import { comparePatterns } from './patterns.ts';
import { waitingServices } from './waiting.ts';

/** At the onset that the evidence shows. Without evidence all lists are empty, and the graph is the declared one. */
export function compare(asked: RankingInput): Comparison {
  const input = clampWatermarks(asked);
  const groups = groupRows(input.answer ?? emptyEvidenceResult);
  const graph = serviceGraph(input, groups);
  const found = findOnset(input, groups, (service) => graph.related.has(service));
  return compareAt(input, groups, { ...graph, onset: found.incident, onsetOf: found.ofService });
}

/** At a known onset: for tests, and to judge again from a given time on. */
export function compareAtOnset(asked: RankingInput, onset: Onset): Comparison {
  const input = clampWatermarks(asked);
  const groups = groupRows(input.answer ?? emptyEvidenceResult);
  return compareAt(input, groups, { ...serviceGraph(input, groups), onset, onsetOf: () => onset.atMs });
}

type Known = ServiceGraph & Pick<Comparison, 'onset' | 'onsetOf'>;

function compareAt(input: RankingInput, groups: Groups, known: Known): Comparison {
  const { slices, watermarks, presence, series } = input.answer ?? emptyEvidenceResult;
  const windows = windowsOf(slices, known.onset);
  const operations = compareOperations(groups, windows);
  const edges = compareEdges(groups, windows);
  const atAlert = slicesAtAlert(slices, input.startedAtMs);
  const patterns = comparePatterns(groups, windows, { operations, atAlert });
  const found = {
    ...known,
    input,
    slices,
    watermarks: input.answer === null ? null : watermarks,
    windows,
    atAlert,
    groups,
    operations,
    edges,
    patterns,
    presence,
    traced: groups.traced,
  };
  const callerFaults = callerFaultsOf(found);
  return {
    ...found,
    callerFaults,
    shifts: metricShifts(series, known.onset),
    instances: placedInstances(found),
    waiting: waitingServices(operations, edges),
    attribution: attributeLatency({ ...found, callerFaults }),
  };
}

/** Bounds the watermarks by the present. Otherwise a sender whose clock runs ahead would make everybody else look silent. */
function clampWatermarks(input: RankingInput): RankingInput {
  if (input.answer === null) return input;
  const { nowMs, answer } = input;
  const watermarks = {
    spans: Math.min(answer.watermarks.spans, nowMs),
    logs: Math.min(answer.watermarks.logs, nowMs),
    metrics: Math.min(answer.watermarks.metrics, nowMs),
  };
  return { ...input, answer: { ...answer, watermarks } };
}
