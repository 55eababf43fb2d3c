/** Makes of the evidence what the detectors read: the grouped rows, the service graph, the onset and the two windows. */
import { emptyEvidenceResult } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { onlyRecorded } from '../input/recorded.ts';
import { findOnset, type Onsets } from '../onset/find-onset.ts';
import type { Onset } from '../onset/moment.ts';
import { groupRows } from '../rows/groups.ts';
import { requestRows } from '../rows/request-rows.ts';
import { serviceGraph } from '../rows/service-graph.ts';
import type { Comparison } from './comparison.ts';
import { compareWindows } from './windows.ts';

/** At the onset that the evidence shows, or at a known one. Without evidence all lists are empty, and the graph is the declared one. */
export function compare(asked: RankingInput, known?: Onsets): Comparison {
  const input = withRequestRows(onlyRecorded(asked));
  const groups = groupRows(input.answer ?? emptyEvidenceResult);
  const graph = serviceGraph(input, groups);
  const { incident, ofService } = known ?? findOnset(input, groups, (service) => graph.related.has(service));
  return compareWindows(input, groups, { ...graph, onset: incident, onsetOf: ofService });
}

function withRequestRows(input: RankingInput): RankingInput {
  const { answer } = input;
  const made = answer === null ? [] : requestRows(answer.series);
  return answer === null || made.length === 0
    ? input
    : { ...input, answer: { ...answer, series: [...answer.series, ...made] } };
}

/** At a known onset, the same for all services: for tests, and to judge again from a given time on. */
export function compareAtOnset(asked: RankingInput, onset: Onset): Comparison {
  return compare(asked, { incident: onset, ofService: () => onset.atMs });
}
