/** Ranks the possible causes of one incident. The picture is in README.md. */
import type { MissingEvidence } from '@faultline/model';
import { compare } from './compare/compare.ts';
import { degradedServices, isStillDegraded } from './compare/degraded.ts';
import { judgeChanges } from './describe/changes.ts';
import { incidentGraph } from './describe/graph.ts';
import { describeHypothesis } from './describe/hypothesis.ts';
import { onsetEntry } from './describe/since.ts';
import { featuresOfComparison } from './features.ts';
import type { Ranking, RankingInput } from './input/ranking.ts';
import { withProbabilities } from './probability/calibrate.ts';
import type { Candidate } from './probability/candidate.ts';
import { keepSecondCause } from './probability/second-cause.ts';
import { isIdentified } from './probability/verdict.ts';
import { causeStillShows } from './recovery.ts';
import { scoreFeatures } from './score.ts';
import { tuned } from './weigh/tuned.ts';
import type { Calibration, Tuning } from './weigh/tuning.ts';

/** A pure function of its input: the same evidence gives the same bytes. It never throws, whatever the evidence holds. */
export function rankHypotheses(input: RankingInput): Ranking {
  return rankWith(tuned, input);
}

/** The same with other weights: for fitting, and to judge on a family of faults that they were not fitted on. */
export function rankWith(tuning: Tuning, input: RankingInput): Ranking {
  const comparison = compare(input);
  const scored = scoreFeatures(featuresOfComparison(comparison), tuning);
  const candidates = keepSecondCause(comparison, withProbabilities(scored, calibrationOf(input, tuning)));
  const cause = isIdentified(scored, candidates[0]) ? candidates[0] : undefined;
  const mayBlame = cause !== undefined || input.answer === null;
  const degraded = degradedServices(comparison);
  const inputs = { ...comparison, degraded: new Set(degraded) };
  const hypotheses = candidates.map((one, i) => describeHypothesis(inputs, one, { rank: i + 1, mayBlame }));
  return {
    verdict: cause === undefined ? 'inconclusive' : 'identified',
    hypotheses,
    graph: incidentGraph(comparison, {
      cause: cause?.service ?? null,
      paths: hypotheses.slice(0, 3).map(({ path }) => path),
      degraded: inputs.degraded,
      blind: telemetryGapsOf(candidates),
    }),
    changes: judgeChanges(comparison, candidates, mayBlame),
    timeline: input.answer === null || cause === undefined ? [] : [onsetEntry(comparison, cause)],
    missingEvidence: missingOf(input),
    disturbed: isStillDegraded(comparison) || (cause !== undefined && causeStillShows(comparison, cause, tuning)),
    disturbedServices: degraded,
  };
}

/** Calibrated on cases with evidence. It says nothing about a ranking before there is any. */
function calibrationOf({ answer }: RankingInput, { calibration }: Tuning): Calibration {
  return answer === null ? { slope: 1, offset: 0 } : calibration;
}

function telemetryGapsOf(candidates: readonly Candidate[]): ReadonlySet<string> {
  return new Set(candidates.filter(({ kind }) => kind === 'blind').map(({ service }) => service));
}

function missingOf({ answer }: RankingInput): MissingEvidence[] {
  if (answer === null) return [{ part: 'evidence', code: 'none', detail: '' }];
  const rows = { spans: answer.operations, logs: answer.templates, metrics: answer.series };
  const absent = Object.entries(rows).filter(([, found]) => found.length === 0);
  return [...answer.missing, ...absent.map(([part]): MissingEvidence => ({ part, code: 'none', detail: '' }))];
}
