/** The table of storms. */
import { judgeStorm, pairwiseF1, type StormJudgement } from './judge.ts';
import { playStorm } from './play.ts';
import { drawStorm } from './storm.ts';

export function judgeStorms(seeds: readonly number[]): readonly StormJudgement[] {
  return seeds.map((seed) => judgeStorm(playStorm(drawStorm(seed))));
}

export function formatStorms(judged: readonly StormJudgement[]): string {
  const groups = [1, 2].map((causes) => judged.filter((one) => one.causes === causes)).filter((own) => own.length > 0);
  const rows = groups.map((own) => [`${own[0]?.causes} at once`, ...numbersOf(own)]);
  return [
    '| causes | storms | alerts | pairwise F1 | lowest | pages for each cause | pages of noise | pages to read until the cause is known |',
    '|---|---|---|---|---|---|---|---|',
    ...[...rows, ['all', ...numbersOf(judged)]].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

function numbersOf(judged: readonly StormJudgement[]): string[] {
  const of = (one: (judgement: StormJudgement) => number) => judged.reduce((total, next) => total + one(next), 0);
  const reads = judged.flatMap(({ readUntilKnown }) => readUntilKnown);
  const known = reads.filter(Number.isFinite);
  const mean = known.reduce((total, next) => total + next, 0) / Math.max(1, known.length);
  const unknown = reads.length - known.length;
  return [
    String(judged.length),
    String(of(({ alerts }) => alerts)),
    pairwiseF1(judged).toFixed(3),
    Math.min(...judged.map((one) => pairwiseF1([one]))).toFixed(3),
    (of(({ pages }) => pages) / of(({ causes }) => causes)).toFixed(2),
    String(of(({ noisePages }) => noisePages)),
    `${mean.toFixed(2)}${unknown === 0 ? '' : `, never ${unknown} of ${reads.length}`}`,
  ];
}

/** A line for each storm that is not paged as it should be. */
export function formatStormMisses(judged: readonly StormJudgement[]): string {
  return judged
    .filter((one) => pairwiseF1([one]) < 1 || one.pages !== one.causes || one.readUntilKnown.some((read) => read !== 1))
    .map(
      (one) =>
        `seed ${one.seed}: ${one.causes} causes, ${one.alerts} alerts, F1 ${pairwiseF1([one]).toFixed(3)}, ${one.pages} pages, read ${one.readUntilKnown.join(' and ')}`,
    )
    .join('\n');
}
