/**
 * `npm run eval`: plays labelled and generated cases and says how often the cause was right, beside three rules of thumb.
 * `--cases DIR --truth DIR` where the labelled ones are; `--quiet` also plays each with its alert before the fault; `--generated 1-40` plays
 * these seeds as well, `--generated-only` nothing else; `--only TEXT` those whose name holds it; `--out FILE` one JSON line a case;
 * `--keep-evidence DIR` keeps what the core saw, and `--evidence DIR[,DIR]` ranks that again instead of playing.
 */
import { parseArgs } from 'node:util';
import { generateCase } from '../faultlab/generated.ts';
import { findCases, findQuietCases } from './case.ts';
import { readEvidence } from './evidence-file.ts';
import type { Judged } from './judge.ts';
import type { Playable } from './playable.ts';
import { judgeKept } from './rank-kept.ts';
import { formatMisses, formatReport } from './report.ts';
import { playCases, writeLines } from './run.ts';
import { parseSeeds } from './seeds.ts';
import { readTruth, truthBy } from './truth.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '../shared/cases' },
    truth: { type: 'string', default: '../shared/cases/truth' },
    quiet: { type: 'boolean', default: false },
    generated: { type: 'string' },
    'generated-only': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: 'out/eval.jsonl' },
    'at-once': { type: 'string', default: '4' },
    'keep-evidence': { type: 'string' },
    evidence: { type: 'string' },
    /** Also prints a line for every case that the first hypothesis misses. */
    misses: { type: 'boolean', default: false },
  },
});

function rankKept(folders: string): readonly Judged[] {
  return folders
    .split(',')
    .flatMap((folder) => [...judgeAll(folder)])
    .sort((a, b) => (a.case < b.case ? -1 : 1));
}

const truthOf = truthBy(values.truth);

function* judgeAll(folder: string): Generator<Judged> {
  for (const kept of readEvidence(folder, values.only)) {
    const judged = judgeKept(kept, truthOf(kept));
    if (judged !== null) yield judged;
  }
}

function casesToPlay(): (() => Playable)[] {
  const found = values['generated-only'] ? [] : findCases(values.cases, readTruth(values.truth));
  const quiet = values.quiet && !values['generated-only'] ? findQuietCases(values.cases) : [];
  const labelled = [...found, ...quiet].filter(({ name }) => name.includes(values.only)).map((one) => () => one);
  return [...labelled, ...parseSeeds(values.generated ?? '').map((seed) => () => generateCase(seed))];
}

async function play(): ReturnType<typeof playCases> {
  return playCases(casesToPlay(), {
    atOnce: Number(values['at-once']),
    keepIn: values['keep-evidence'] ?? null,
    print: (line) => console.info(line),
  });
}

const { judged, times } =
  values.evidence === undefined ? await play() : { judged: rankKept(values.evidence), times: null };
writeLines(values.out, judged);
if (values.misses) console.info(formatMisses(judged));
console.info(formatReport(judged, times));
