/** The steps of an evaluation: run cases or rank kept evidence, then print the reports that the options ask for. */

import { type EvaluationCase, type LabelStyle, labelStyles } from '../case/evaluation-case.ts';
import { type KeptEvidence, readCost, readEvidence } from '../case/evidence-file.ts';
import { findCases, findQuietCases } from '../case/labelled-case.ts';
import { parseSeeds } from '../case/seeds.ts';
import { readTruth, truthBy } from '../case/truth.ts';
import { generateCase } from '../simulator/cases/generate-case.ts';
import { ablate, formatAblation } from './ablation.ts';
import { clockSkewTable, parseClockSkew } from './clock-skew.ts';
import { writeAccuracy } from './document.ts';
import type { Judged } from './judge.ts';
import { leaveFamiliesOut } from './leave-out.ts';
import type { EvalOptions } from './options.ts';
import { judgeKept } from './rank-kept.ts';
import { formatMisses, formatReport, type RunTimes } from './report.ts';
import { formatRobustness, testRobustness } from './robustness.ts';
import { type Evaluation, runCases, writeLines } from './run-cases.ts';

type Print = (line: string) => void;

export async function evaluate(options: EvalOptions, print: Print): Promise<void> {
  const { judged, times } = options.evidence === undefined ? await runAll(options, print) : rankFolders(options);
  writeLines(options.out, judged);
  if (options.misses) print(formatMisses(judged));
  print(formatReport(judged, times));
  const clockSkew = compareClockSkew(options, judged);
  if (clockSkew !== '') print(clockSkew);
  const leftOut = leaveOut(options, print);
  const ablation = options.ablate ? formatAblation(ablate(keptBy(options), truthBy(options.truth))) : '';
  if (ablation !== '') print(ablation);
  const robustness = options.robustness
    ? formatRobustness(testRobustness(keptBy(options), truthBy(options.truth)))
    : '';
  if (robustness !== '') print(robustness);
  if (options['write-docs']) writeAccuracy({ judged, times, clockSkew, leftOut, ablation, robustness });
}

function runAll(options: EvalOptions, print: Print): Promise<Evaluation> {
  const keepIn = options['keep-evidence'] ?? null;
  return runCases(casesToRun(options), { concurrency: Number(options.concurrency), keepIn, print });
}

function casesToRun(options: EvalOptions): (() => EvaluationCase)[] {
  const { cases, truth, only } = options;
  const styles = parseLabelStyles(options.labels);
  const found = options['generated-only']
    ? []
    : findCases(cases, readTruth(truth), 1000 * Number(options['clock-skew']));
  const quiet = options.quiet && !options['generated-only'] ? findQuietCases(cases) : [];
  const labelled = [...found, ...quiet].filter(({ name }) => name.includes(only)).map((one) => () => one);
  const generated = parseSeeds(options.generated).flatMap((seed) =>
    styles.map((labels) => () => generateCase(seed, { labels })),
  );
  return [...labelled, ...generated];
}

function parseLabelStyles(text: string): LabelStyle[] {
  return text.split(',').map((name) => {
    const style = labelStyles.find((one) => one === name);
    if (style === undefined) throw new Error(`--labels: expected ${labelStyles.join(', ')}, not ${name}`);
    return style;
  });
}

function foldersOf(list: string | undefined): string[] {
  return (list ?? '').split(',').filter((folder) => folder !== '');
}

/** The folders of `--evidence`, or the one that this run has filled. */
function evidenceFolders(options: EvalOptions): string[] {
  return foldersOf(options.evidence ?? options['keep-evidence']);
}

function* keptBy(options: EvalOptions): Generator<KeptEvidence> {
  for (const folder of evidenceFolders(options)) yield* readEvidence(folder, options.only);
}

function rankFolders(options: EvalOptions): { judged: readonly Judged[]; times: RunTimes | null } {
  const truthOf = truthBy(options.truth);
  const judged: Judged[] = [];
  const firstHypothesisMs: (number | null)[] = [];
  for (const kept of keptBy(options)) {
    judged.push(...[judgeKept(kept, truthOf(kept))].filter((one) => one !== null));
    if (kept.firstHypothesisMs !== undefined) firstHypothesisMs.push(kept.firstHypothesisMs);
  }
  const costs = evidenceFolders(options).flatMap((folder) => readCost(folder) ?? []);
  const cpuSecondsPerCase = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  judged.sort((a, b) => (a.case < b.case ? -1 : 1));
  return { judged, times: costs.length === 0 ? null : { firstHypothesisMs, cpuSecondsPerCase } };
}

function compareClockSkew(options: EvalOptions, strict: readonly Judged[]): string {
  const truthOf = truthBy(options.truth);
  const runs = parseClockSkew(options['clock-skew-evidence']).map(({ skewS, folder }) => ({
    skewS,
    judged: [...readEvidence(folder)].flatMap((kept) => judgeKept(kept, truthOf(kept)) ?? []),
  }));
  return runs.length === 0 ? '' : clockSkewTable(strict, runs);
}

function leaveOut(options: EvalOptions, print: Print): readonly Judged[] {
  const folders = foldersOf(options['fit-on']);
  if (folders.length === 0) return [];
  const judged = leaveFamiliesOut({
    folders,
    truthOf: truthBy(options.truth),
    withGeneratedFamilies: options['all-families'],
    print,
  });
  print(`ranked by numbers fitted without the case's own family:\n${formatReport(judged, null)}`);
  return judged;
}
