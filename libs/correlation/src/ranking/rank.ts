/** Ranks the possible causes of one incident. The picture is in README.md. */
import { compare } from './compare/compare.ts';
import { isStillDegraded } from './compare/still-degraded.ts';
import { judgeChanges } from './describe/changes.ts';
import { incidentGraph, telemetryGapsOf } from './describe/graph.ts';
import { describeHypothesis } from './describe/hypothesis.ts';
import { missingEvidence } from './describe/missing.ts';
import { onsetEntry } from './describe/timeline.ts';
import { featuresOfComparison } from './features.ts';
import { hasBaseline } from './input/baseline.ts';
import type { Ranking, RankingInput } from './input/ranking.ts';
import { subjectGap } from './input/subject.ts';
import { withProbabilities } from './probability/calibrate.ts';
import { keepSecondCause } from './probability/second-cause.ts';
import { isIdentified } from './probability/verdict.ts';
import { causeStillShows } from './recovery.ts';
import { scoreFeatures } from './score.ts';
import { tuned } from './weigh/tuned.ts';
import type { Tuning } from './weigh/tuning.ts';

/** A pure function of its input: the same evidence gives the same bytes. It never throws, whatever the evidence holds. */
export function rankHypotheses(input: RankingInput): Ranking {
  return rankWith(tuned, input);
}

/** The same with other weights: for fitting, and to judge on a family of faults that they were not fitted on. */
export function rankWith(tuning: Tuning, input: RankingInput): Ranking {
  return hasBaseline(input) ? rankCompared(tuning, input) : rankWithoutBaseline(tuning, input);
}

/** Without a time before the incident, alerts are all that speaks. They identify nothing, and no change is old enough to be blamed. */
function rankWithoutBaseline(tuning: Tuning, input: RankingInput): Ranking {
  const ranking = rankCompared(tuning, { ...input, answer: null, changes: [] });
  const missing = { part: 'baseline', code: 'none', detail: '' } as const;
  return { ...ranking, verdict: 'inconclusive', disturbed: false, missingEvidence: [missing] };
}

function rankCompared(tuning: Tuning, input: RankingInput): Ranking {
  const comparison = compare(input);
  const features = featuresOfComparison(comparison);
  const scored = scoreFeatures(features, tuning);
  const calibrated = withProbabilities(scored, tuning.calibration);
  // Alert names alone are no finding, and neither is telemetry that only the time connects with the alerts.
  const candidates = subjectGap(input) === null ? keepSecondCause(comparison, calibrated) : [];
  const cause = isIdentified(scored, candidates[0]) ? candidates[0] : undefined;
  const mayBlame = cause !== undefined;
  const hypotheses = candidates.map((one, i) => describeHypothesis(comparison, one, { rank: i + 1, mayBlame }));
  const sinceMs = hypotheses[0]?.sinceMs ?? null;
  return {
    verdict: cause === undefined ? 'inconclusive' : 'identified',
    hypotheses,
    graph: incidentGraph(comparison, {
      cause: cause?.service ?? null,
      paths: hypotheses.slice(0, 3).map(({ path }) => path),
      degraded: comparison.degraded,
      blind: telemetryGapsOf(candidates),
    }),
    changes: judgeChanges(comparison, candidates, mayBlame),
    timeline: cause === undefined || sinceMs === null ? [] : [onsetEntry(cause, sinceMs)],
    missingEvidence: missingEvidence(input),
    disturbed: isStillDegraded(comparison) || (cause !== undefined && causeStillShows(comparison, cause, tuning)),
    disturbedServices: [...comparison.degraded],
  };
}
