/** Compares the baseline with the incident window, for all that the evidence holds. */
import { emptyEvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { windowsOf } from '../input/window.ts';
import type { Groups } from '../rows/group.ts';
import type { ServiceGraph } from '../rows/service-graph.ts';
import { attributeLatency } from './attribution/attribution.ts';
import { callerFaultsOf } from './caller-faults.ts';
import { compareEdges, compareOperations } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { degradedServices } from './degraded.ts';
import { placedInstances } from './failure-domains.ts';
import { slicesAtAlert } from './lasting.ts';
import { metricShifts } from './metric-shifts.ts';
import { comparePatterns } from './patterns.ts';
import { waitingServices } from './waiting.ts';

/** The graph of the services, and when the incident began. */
type Known = ServiceGraph & Pick<Comparison, 'onset' | 'onsetOf'>;

export function compareWindows(input: RankingInput, groups: Groups, known: Known): Comparison {
  const { slices, watermarks, presence, series } = input.answer ?? emptyEvidenceResult;
  const windows = windowsOf(slices, known.onset);
  const operations = compareOperations(groups, windows);
  const edges = compareEdges(groups, windows);
  const atAlert = slicesAtAlert(slices, input.startedAtMs);
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
    patterns: comparePatterns(groups, windows, { operations, atAlert }),
    shifts: metricShifts(series, known.onset),
    presence,
    traced: groups.traced,
  };
  const callerFaults = callerFaultsOf(found);
  return {
    ...found,
    callerFaults,
    instances: placedInstances(found),
    waiting: waitingServices(operations, edges),
    attribution: attributeLatency({ ...found, callerFaults }),
    degraded: new Set(degradedServices(found)),
  };
}
