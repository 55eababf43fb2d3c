/** Whether the identified cause is still there. */
import type { EvidenceResult } from '@faultline/model';
import { compareAtOnset } from './compare/compare.ts';
import type { Comparison } from './compare/comparison.ts';
import { latestMs } from './compare/still-degraded.ts';
import { namedFault } from './describe/fault.ts';
import { featuresOfComparison } from './features.ts';
import { knownOnset } from './onset/find-onset.ts';
import type { Candidate } from './probability/candidate.ts';
import { scoreFeatures } from './score.ts';
import type { Tuning } from './weigh/tuning.ts';

/** Clearly more than an alert alone. */
const stillShowsFrom = 0.7;

/**
 * Whether anything still speaks for the cause in the last minute, compared with the time before the incident. If a cause that reported before
 * no longer reports, nobody knows that it is over, so it is not. If it never reported, its alerts are all that counts.
 */
export function causeStillShows({ input, onset }: Comparison, cause: Candidate, tuning: Tuning): boolean {
  // Its calls may look healthy while old pods serve. The cluster says when it is over.
  const stated = cause.findings[0]?.traits.namesObject === true ? namedFault({ input }, cause) : null;
  if (stated !== null) return stated.endedAtMs === null;
  const last = input.answer?.slices.at(-1);
  if (input.answer === null || last === undefined) return true;
  const { service, findings } = cause;
  const fromMs = Math.max(onset.duringFromMs, Math.min(last.fromMs, last.toMs - latestMs));
  const answer = onlyAbout(input.answer, service);
  const latest = compareAtOnset({ ...input, answer }, knownOnset(fromMs, onset.beforeToMs));
  const compared = [...latest.operations, ...latest.edges];
  if (answer.series.length === 0 && compared.every(({ before }) => before.calls === 0)) return false;
  const calls = compared.reduce((sum, { during }) => sum + during.calls, 0);
  const signs = findings[0]?.traits.measuredByMetrics === true ? latest.shifts.length : calls;
  return signs === 0 || supportOf(latest, service, tuning) >= stillShowsFrom;
}

/** The log-odds of what speaks for a service. */
function supportOf(comparison: Comparison, service: string, tuning: Tuning): number {
  const features = featuresOfComparison(comparison);
  const findings = features.findings.filter(({ isAgainst }) => !isAgainst);
  const { candidates } = scoreFeatures({ ...features, findings }, tuning);
  return candidates.slice(0, shown).find((candidate) => candidate.service === service)?.logOdds ?? 0;
}

/** Candidates further down are not looked at. */
const shown = 10;

function onlyAbout(answer: EvidenceResult, service: string): EvidenceResult {
  const isAbout = (row: { service: string }): boolean => row.service === service;
  return {
    ...answer,
    operations: answer.operations.filter(isAbout),
    edges: answer.edges.filter(({ caller, callee }) => caller === service || callee === service),
    templates: answer.templates.filter(isAbout),
    children: answer.children.filter(isAbout),
    series: answer.series.filter(isAbout),
  };
}
