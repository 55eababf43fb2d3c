/** Ranks the possible causes of one incident: fold, judge each kind of evidence, explain away, score, describe. */
import type {
  Change,
  Evidence,
  EvidenceResult,
  Hypothesis,
  MissingEvidence,
  TimelineEntry,
  TimeRange,
} from '@faultline/model';
import { createContext } from './compare/compare.ts';
import type { Context } from './compare/comparison.ts';
import { disturbedServices, isStillDisturbed } from './compare/degraded.ts';
import { blamedChange, judgeChanges, sinceOf } from './describe/changes.ts';
import { incidentGraph } from './describe/graph.ts';
import { instanceOf } from './describe/instance.ts';
import { pathToSymptom } from './describe/path.ts';
import { refute } from './describe/refutation.ts';
import { featuresOfContext } from './features.ts';
import { type Finding, isSupport, type Weighed } from './finding/finding.ts';
import type { Ranking, RankingInput } from './input/ranking.ts';
import { knownOnset } from './onset/find-onset.ts';
import type { Candidate } from './probability/candidate.ts';
import { candidatesOf, type Scored, scoreFeatures } from './probability/score.ts';
import { keepSecondCause } from './probability/second-cause.ts';
import { tuned } from './weigh/tuned.ts';
import type { Calibration, Tuning } from './weigh/tuning.ts';

/** A pure function of its input: same evidence, same bytes. Never throws for what evidence may hold. */
export function rankHypotheses(input: RankingInput): Ranking {
  return rankWith(tuned, input);
}

/** The same with other numbers: for fitting, and for judging on a family of faults that they were not fitted on. */
export function rankWith(tuning: Tuning, input: RankingInput): Ranking {
  const context = createContext(input);
  const scored = scoreFeatures(featuresOfContext(context), tuning);
  const candidates = keepSecondCause(context, candidatesOf(scored, calibrationOf(context, tuning)));
  const identified = isIdentified(scored, candidates[0]);
  const disturbed = disturbedServices(context);
  const hypotheses = candidates.map((candidate, i) =>
    describe(context, candidate, { rank: i + 1, disturbed: new Set(disturbed), identified }),
  );
  const graph = incidentGraph(context, {
    cause: identified ? (candidates[0]?.service ?? null) : null,
    paths: hypotheses.slice(0, 3).map(({ path }) => path),
    disturbed: new Set(disturbed),
    blind: new Set(candidates.filter(({ kind }) => kind === 'blind').map(({ service }) => service)),
  });
  return {
    verdict: identified ? 'identified' : 'inconclusive',
    hypotheses,
    graph,
    changes: judgeChanges(context, candidates, identified || input.answer === null),
    timeline: timelineOf(context, candidates, identified),
    missingEvidence: missingOf(input),
    disturbed: isStillDisturbed(context) || (identified && causeStillShows(context, candidates[0], tuning)),
    disturbedServices: disturbed,
  };
}

/** All candidates of a context by the findings that count, best first. */
function rankContext(context: Context, tuning: Tuning, counts: (finding: Finding) => boolean): Candidate[] {
  const features = featuresOfContext(context);
  const findings = features.findings.filter(counts);
  return candidatesOf(scoreFeatures({ ...features, findings }, tuning), calibrationOf(context, tuning));
}

/**
 * Whether anything still speaks for the cause in the last minute, held against the time before the harm. When one that was seen before gives no sign since,
 * nobody knows that it is over, so it is not; of one that never gave any, its alerts are all there is to go by.
 */
function causeStillShows({ input, onset }: Context, cause: Candidate | undefined, tuning: Tuning): boolean {
  const last = input.answer?.slices.at(-1);
  if (input.answer === null || last === undefined || cause === undefined) return true;
  const { service } = cause;
  const fromMs = Math.max(onset.duringFromMs, Math.min(last.fromMs, last.toMs - recentMs));
  const recent = createContext(
    { ...input, answer: onlyAbout(input.answer, service) },
    knownOnset(fromMs, onset.beforeToMs),
  );
  const pairs = [...recent.operations, ...recent.edges];
  const wasSeen = recent.input.answer?.series.length !== 0 || pairs.some(({ before }) => before.calls > 0);
  if (!wasSeen) return false;
  const calls = pairs.reduce((sum, { during }) => sum + during.calls, 0);
  const found = rankContext(recent, tuning, isSupport).find((candidate) => candidate.service === service);
  const signs = metricKinds.has(cause.findings[0]?.kind ?? '') ? recent.shifts.length : calls;
  return signs === 0 || (found?.logOdds ?? 0) >= stillShows;
}

const recentMs = 60_000;
/** Kinds that rest on metrics; the others rest on spans and their logs. */
const metricKinds = new Set(['resources', 'service-metrics', 'mesh-latency', 'lost-calls']);
/** Clearly more than an alert alone. */
const stillShows = 0.7;

function onlyAbout(answer: EvidenceResult, service: string): EvidenceResult {
  const isAbout = (row: { service: string }): boolean => row.service === service;
  return {
    ...answer,
    operations: answer.operations.filter(isAbout),
    edges: answer.edges.filter(({ caller, callee }) => caller === service || callee === service),
    templates: answer.templates.filter(isAbout),
    children: answer.children.filter(isAbout),
    series: answer.series.filter(isAbout),
    presence: answer.presence,
  };
}

/** Calibrated on cases with evidence: it says nothing of a ranking before there is any. */
function calibrationOf({ input }: Context, { calibration }: Tuning): Calibration {
  return input.answer === null ? { slope: 1, offset: 0 } : calibration;
}

/** More likely than that there is nothing here, and likely enough to act on: right three times in five at the least. */
function isIdentified({ candidates: [best], nothing }: Scored, first: Candidate | undefined): boolean {
  return best !== undefined && first !== undefined && best.logOdds > nothing && first.probability >= leastProbability;
}

const leastProbability = 0.6;

function describe(
  context: Context,
  candidate: Candidate,
  { rank, disturbed, identified }: { rank: number; disturbed: ReadonlySet<string>; identified: boolean },
): Hypothesis {
  const { service, probability, findings } = candidate;
  // Where nothing is identified nobody is accused: changes are listed with what speaks for and against them.
  const change = identified || context.input.answer === null ? blamedChange(context, candidate) : null;
  return {
    rank,
    probability,
    sinceMs: context.input.answer === null ? null : sinceOf(context, candidate),
    cause: { service, instance: instanceOf(context, candidate), kind: kindOf(candidate, change) },
    changeId: change?.id ?? null,
    path: pathToSymptom(context, service),
    evidence: [...findings.filter(isSupport).slice(0, maxFor), ...findings.filter(isCounter).slice(-maxAgainst)].map(
      (finding) => evidenceOf(context, finding),
    ),
    refutation: refute(context, candidate, disturbed),
  };
}

/** A service that is only slow or failing since its settings were changed is misconfigured. What triggered it otherwise is no mechanism. */
function kindOf({ kind }: Candidate, change: Change | null): Candidate['kind'] {
  const isSetting = change?.kind === 'config' || change?.kind === 'flag';
  return isSetting && (kind === 'latency' || kind === 'error' || kind === 'code') ? 'config' : kind;
}

/** What fits on a page; the rest repeats it. */
const maxFor = 8;
const maxAgainst = 4;

function isCounter(finding: Finding): boolean {
  return !isSupport(finding);
}

function evidenceOf(context: Context, { look, ...finding }: Weighed): Evidence {
  const { kind, entity, summary, before, during, weight } = finding;
  const source = { ...look, ...rangesOf(context) };
  return { kind, entity, summary, before, during, weight: Math.round(weight * 100) / 100, query: '', source };
}

/** What counted as before and as during; until evidence is in, an hour before the first alert and the time since. */
function rangesOf({ input: { answer, startedAtMs, nowMs }, onset }: Context): { before: TimeRange; during: TimeRange } {
  const [first, last] = [answer?.slices[0], answer?.slices.at(-1)];
  if (first === undefined || last === undefined)
    return {
      before: { fromMs: startedAtMs - hourMs, toMs: startedAtMs },
      during: { fromMs: startedAtMs, toMs: nowMs },
    };
  return {
    before: { fromMs: first.fromMs, toMs: Math.min(onset.beforeToMs, onset.duringFromMs) },
    during: { fromMs: onset.duringFromMs, toMs: last.toMs },
  };
}

const hourMs = 3_600_000;

function timelineOf(context: Context, [best]: readonly Candidate[], identified: boolean): TimelineEntry[] {
  if (context.input.answer === null || !identified || best === undefined) return [];
  return [{ atMs: sinceOf(context, best), kind: 'onset', text: best.findings[0]?.summary ?? best.service }];
}

function missingOf({ answer }: RankingInput): MissingEvidence[] {
  if (answer === null) return [{ part: 'evidence', code: 'none', detail: '' }];
  const rows = { spans: answer.operations, logs: answer.templates, metrics: answer.series };
  const absent = Object.entries(rows).filter(([, found]) => found.length === 0);
  return [...answer.missing, ...absent.map(([part]): MissingEvidence => ({ part, code: 'none', detail: '' }))];
}
