/**
 * `npm run eval`: plays labelled cases and says how often the cause was right, beside three rules of thumb.
 * `--cases DIR --truth DIR` where they are; `--quiet` also plays each with its alert before the fault; `--only TEXT` those whose name holds it;
 * `--keep-evidence DIR` keeps what the core saw, and `--evidence DIR[,DIR]` ranks that again instead of playing; `--out FILE` one JSON line a case.
 */
import { parseArgs } from 'node:util';
import { findCases, findQuietCases } from './case.ts';
import { readEvidence } from './evidence-file.ts';
import type { Judged } from './judge.ts';
import { judgeKept } from './rank-kept.ts';
import { formatReport } from './report.ts';
import { playCases, writeLines } from './run.ts';
import { readTruth } from './truth.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '../shared/cases' },
    truth: { type: 'string', default: '../shared/cases/truth' },
    quiet: { type: 'boolean', default: false },
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

function* judgeAll(folder: string): Generator<Judged> {
  for (const kept of readEvidence(folder, values.only)) {
    const judged = judgeKept(kept, kept.truth);
    if (judged !== null) yield judged;
  }
}

async function play(): ReturnType<typeof playCases> {
  const found = findCases(values.cases, readTruth(values.truth));
  const cases = [...found, ...(values.quiet ? findQuietCases(values.cases) : [])];
  return playCases(
    cases.filter(({ name }) => name.includes(values.only)).map((one) => () => one),
    {
      atOnce: Number(values['at-once']),
      keepIn: values['keep-evidence'] ?? null,
      print: (line) => console.info(line),
    },
  );
}

const { judged, times } =
  values.evidence === undefined ? await play() : { judged: rankKept(values.evidence), times: null };
writeLines(values.out, judged);
if (values.misses)
  for (const one of judged)
    if (one.abstained === false || (one.abstained === null && one.rank !== 1))
      console.info(
        `${one.case} (${one.family}): ${one.said} ${one.probability?.toFixed(2)} ${one.verdict}, truth at ${one.rank ?? 'no rank'}`,
      );
console.info(formatReport(judged, times));
