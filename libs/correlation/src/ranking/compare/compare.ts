/** Makes of the evidence what the detectors read: the grouped rows, the service graph, the onset and the two windows. */
import { emptyEvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { findOnset, type Onsets } from '../onset/find-onset.ts';
import type { Onset } from '../onset/moment.ts';
import { groupRows } from '../rows/groups.ts';
import { serviceGraph } from '../rows/service-graph.ts';
import type { Comparison } from './comparison.ts';
import { compareWindows } from './windows.ts';

/** At the onset that the evidence shows, or at a known one. Without evidence all lists are empty, and the graph is the declared one. */
export function compare(asked: RankingInput, known?: Onsets): Comparison {
  const input = clampWatermarks(asked);
  const groups = groupRows(input.answer ?? emptyEvidenceResult);
  const graph = serviceGraph(input, groups);
  const { incident, ofService } = known ?? findOnset(input, groups, (service) => graph.related.has(service));
  return compareWindows(input, groups, { ...graph, onset: incident, onsetOf: ofService });
}

/** At a known onset, the same for all services: for tests, and to judge again from a given time on. */
export function compareAtOnset(asked: RankingInput, onset: Onset): Comparison {
  return compare(asked, { incident: onset, ofService: () => onset.atMs });
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
