/** The steps of an evaluation, in order: answers by playing or from kept evidence, then what else was asked for. */
import { generateCase } from '../simulator/generated.ts';
import { ablate, formatAblation } from './ablation.ts';
import { aheadTable, parseAhead } from './clock-skew.ts';
import { findCases, findQuietCases } from '../case/labelled-case.ts';
import { disturb, formatDisturbed } from './robustness.ts';
import { writeAccuracy } from './document.ts';
import { type KeptEvidence, readCost, readEvidence } from '../case/evidence-file.ts';
import type { Judged } from './judge.ts';
import { leaveFamiliesOut } from './leave-out.ts';
import type { EvalOptions } from './options.ts';
import type { Playable } from '../case/evaluation-case.ts';
import { judgeKept } from './rank-kept.ts';
import { formatMisses, formatReport, type PlayTimes } from './report.ts';
import { type Evaluation, playCases, writeLines } from './run-cases.ts';
import { parseSeeds } from '../case/seeds.ts';
import { readTruth, truthBy } from '../case/truth.ts';

type Print = (line: string) => void;

export async function evaluate(options: EvalOptions, print: Print): Promise<void> {
  const { judged, times } = options.evidence === undefined ? await play(options, print) : rankFolders(options);
  writeLines(options.out, judged);
  if (options.misses) print(formatMisses(judged));
  print(formatReport(judged, times));
  const ahead = compareAhead(options, judged);
  if (ahead !== '') print(ahead);
  const leftOut = leaveOut(options, print);
  const ablation = options.ablate ? formatAblation(ablate(keptBy(options), truthBy(options.truth))) : '';
  if (ablation !== '') print(ablation);
  const disturbed = options.disturb ? formatDisturbed(disturb(keptBy(options), truthBy(options.truth))) : '';
  if (disturbed !== '') print(disturbed);
  if (options['write-docs']) writeAccuracy({ judged, times, ahead, leftOut, ablation, disturbed });
}

function play(options: EvalOptions, print: Print): Promise<Evaluation> {
  const keepIn = options['keep-evidence'] ?? null;
  return playCases(casesToPlay(options), { atOnce: Number(options['at-once']), keepIn, print });
}

function casesToPlay(options: EvalOptions): (() => Playable)[] {
  const { cases, truth, only, ahead } = options;
  const found = options['generated-only'] ? [] : findCases(cases, readTruth(truth), 1000 * Number(ahead));
  const quiet = options.quiet && !options['generated-only'] ? findQuietCases(cases) : [];
  const labelled = [...found, ...quiet].filter(({ name }) => name.includes(only)).map((one) => () => one);
  return [...labelled, ...parseSeeds(options.generated).map((seed) => () => generateCase(seed))];
}

function foldersOf(list: string | undefined): string[] {
  return (list ?? '').split(',').filter((folder) => folder !== '');
}

/** What `--evidence` names, or what this run has kept. */
function evidenceFolders(options: EvalOptions): string[] {
  return foldersOf(options.evidence ?? options['keep-evidence']);
}

function* keptBy(options: EvalOptions): Generator<KeptEvidence> {
  for (const folder of evidenceFolders(options)) yield* readEvidence(folder, options.only);
}

function rankFolders(options: EvalOptions): { judged: readonly Judged[]; times: PlayTimes | null } {
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

function compareAhead(options: EvalOptions, strict: readonly Judged[]): string {
  const truthOf = truthBy(options.truth);
  const plays = parseAhead(options['ahead-evidence']).map(({ aheadS, folder }) => ({
    aheadS,
    judged: [...readEvidence(folder)].flatMap((kept) => judgeKept(kept, truthOf(kept)) ?? []),
  }));
  return plays.length === 0 ? '' : aheadTable(strict, plays);
}

function leaveOut(options: EvalOptions, print: Print): readonly Judged[] {
  const folders = foldersOf(options['fit-on']);
  if (folders.length === 0) return [];
  const judged = leaveFamiliesOut({
    folders,
    truthOf: truthBy(options.truth),
    isThorough: options['all-families'],
    print,
  });
  print(`ranked by numbers fitted without the case's own family:\n${formatReport(judged, null)}`);
  return judged;
}
