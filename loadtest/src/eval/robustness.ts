/**
 * Robustness: ranks the same cases from evidence with fewer calls, less time, a shifted alert or other names. A result
 * that depends on the last bit of evidence, or on a name, will not hold on other systems.
 */
import { type Ranking, type RankingInput, rankHypotheses } from '@faultline/correlation';
import type { EvidenceResult, SeriesRow } from '@faultline/model';
import type { KeptEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';
import { createRandom } from '../random/random.ts';
import type { Judged } from './judge.ts';
import { judgeKept } from './rank-kept.ts';
import { rankRenamed } from './rename.ts';
import { groups, table } from './report.ts';
import { tally } from './score.ts';
import { subsample } from './subsample.ts';

type Alteration = (input: RankingInput) => RankingInput;
type Rank = (input: RankingInput) => Ranking;

const minute = 60_000;
const seed = 1;

/** Keys are the row names of the table. */
const alterations: Readonly<Record<string, Alteration>> = {
  none: (input) => input,
  'half of the calls': onAnswer((answer) => subsample(answer, () => 0.5)),
  'a quarter of the calls': onAnswer((answer) => subsample(answer, () => 0.25)),
  'a tenth of the baseline calls': onAnswer((answer) => subsample(answer, (slice) => (slice === 0 ? 0.1 : 1))),
  'half of the metric points': onAnswer(fewerPoints),
  'log lines too late for their spans': lateLogs,
  'evidence ends a minute earlier': endMinuteEarlier,
  'alert time 45 s earlier': (input) => ({ ...input, startedAtMs: input.startedAtMs - 45_000 }),
  'alert time 45 s later': (input) => ({ ...input, startedAtMs: input.startedAtMs + 45_000 }),
};

const rankings: readonly (readonly [string, Rank])[] = [
  ...Object.entries(alterations).map(([by, alter]): [string, Rank] => [by, (input) => rankHypotheses(alter(input))]),
  ['other service names', rankRenamed],
];

function onAnswer(change: (answer: EvidenceResult) => EvidenceResult): Alteration {
  return (input) => (input.answer === null ? input : { ...input, answer: change(input.answer) });
}

/** Series with long periods may have a single point after the onset. They are not thinned out. */
const longPeriodMs = 120_000;

function fewerPoints(answer: EvidenceResult): EvidenceResult {
  const random = createRandom(seed);
  const series = answer.series.map((row) =>
    meanGapMs(row) > longPeriodMs ? row : { ...row, points: row.points.filter(() => random.chance(0.5)) },
  );
  return { ...answer, series: series.filter(({ points }) => points.length > 0) };
}

function meanGapMs({ points }: SeriesRow): number {
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  return points.length < 2 ? 0 : (last - first) / (points.length - 1);
}

/** A collector of logs lags from ten minutes before the alert on: lines arrive after their trace has settled, so without a span. */
function lateLogs(input: RankingInput): RankingInput {
  const fromMs = input.startedAtMs - 10 * minute;
  return onAnswer((answer) => ({
    ...answer,
    templates: answer.templates.map((row) => {
      const isLate = row.operation !== '' && (answer.slices[row.slice]?.fromMs ?? 0) >= fromMs;
      return isLate ? { ...row, operation: '', spans: row.lines } : row;
    }),
  }))(input);
}

/** Evidence as of one minute earlier. */
function endMinuteEarlier(input: RankingInput): RankingInput {
  const { answer } = input;
  const endMs = (answer?.slices.at(-1)?.toMs ?? 0) - minute;
  if (answer === null) return input;
  const isIn = ({ slice }: { readonly slice: number }) => (answer.slices[slice]?.toMs ?? 0) <= endMs;
  return {
    ...input,
    nowMs: input.nowMs - minute,
    answer: {
      ...answer,
      slices: answer.slices.filter(({ toMs }) => toMs <= endMs),
      operations: answer.operations.filter(isIn),
      edges: answer.edges.filter(isIn),
      templates: answer.templates.filter(isIn),
      children: answer.children.filter(isIn),
      series: answer.series.map((row) => ({ ...row, points: row.points.filter(([atMs]) => atMs < endMs) })),
    },
  };
}

interface RobustnessResult {
  readonly by: string;
  readonly judged: readonly Judged[];
}

/** Reads every case once and ranks it again after each alteration. Includes cases without a fault. */
export function testRobustness(
  kept: Iterable<KeptEvidence>,
  truthOf: (kept: KeptEvidence) => Truth | null,
): RobustnessResult[] {
  const results = rankings.map(([by, rank]) => ({ by, rank, judged: [] as Judged[] }));
  for (const one of kept)
    for (const { judged, rank } of results)
      judged.push(...[judgeKept(one, truthOf(one), { rank })].filter((found) => found !== null));
  return results;
}

/** Top-1 and top-3 by system, one row per alteration. */
export function formatRobustness(results: readonly RobustnessResult[]): string {
  const faultsOf = ({ judged }: RobustnessResult): readonly Judged[] =>
    judged.filter(({ abstained }) => abstained === null);
  const systems = groups(results.flatMap(faultsOf), ({ system }) => system).map(([system]) => system);
  const cell = (result: RobustnessResult, system: string): string => {
    const own = faultsOf(result).filter((one) => one.system === system);
    const { cases, top1, top3 } = tally(own.map(({ rank }) => rank));
    return `${top1}, ${top3} of ${cases}`;
  };
  return table(
    ['alteration', ...systems.map((system) => `${system}, top-1, top-3`)],
    results.map((result) => [result.by, ...systems.map((system) => cell(result, system))]),
  );
}
