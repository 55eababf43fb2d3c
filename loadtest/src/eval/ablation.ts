/**
 * Ranks again without each signal, with the same numbers. The difference is what a system loses that does not send it.
 */
import type { RankingInput } from '@faultline/correlation';
import type { EvidenceResult } from '@faultline/model';
import type { KeptEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';
import type { Judged } from './judge.ts';
import { judgeKept } from './rank-kept.ts';
import { groups, table } from './report.ts';
import { tally } from './score.ts';

type Removal = (answer: EvidenceResult) => EvidenceResult;

const withoutSelfTime: Removal = (answer) => ({
  ...answer,
  operations: answer.operations.map((row) => ({ ...row, self: [] })),
});
const withoutNetworkLatency: Removal = (answer) => ({
  ...answer,
  edges: answer.edges.map((row) => ({ ...row, gap: [] })),
});
const withoutErrors: Removal = (answer) => ({
  ...answer,
  operations: answer.operations.map((row) => ({ ...row, errors: 0, ownErrors: 0 })),
  edges: answer.edges.map((row) => ({ ...row, errors: 0 })),
  children: answer.children.map((row) => ({ ...row, errors: 0 })),
});
const withoutSpans: Removal = (answer) => ({ ...answer, operations: [], edges: [], children: [] });

const removals: Readonly<Record<string, Removal>> = {
  'self time': withoutSelfTime,
  'network latency': withoutNetworkLatency,
  'errors of spans': withoutErrors,
  'child calls': (answer) => ({ ...answer, children: [] }),
  'log templates': (answer) => ({ ...answer, templates: [] }),
  'metric series': (answer) => ({ ...answer, series: [] }),
  presence: (answer) => ({ ...answer, presence: [] }),
  'all spans': withoutSpans,
};

const withAnswer =
  (remove: Removal) =>
  (input: RankingInput): RankingInput => ({ ...input, answer: input.answer === null ? null : remove(input.answer) });

const alterations: Readonly<Record<string, (input: RankingInput) => RankingInput>> = {
  nothing: (input) => input,
  ...Object.fromEntries(Object.entries(removals).map(([name, remove]) => [name, withAnswer(remove)])),
  changes: (input) => ({ ...input, changes: [] }),
  'declared edges': (input) => ({ ...input, declaredEdges: [] }),
};

interface Ablation {
  readonly without: string;
  readonly judged: readonly Judged[];
}

/** Reads every case once and ranks it again without each signal. Skips cases without a fault. */
export function ablate(kept: Iterable<KeptEvidence>, truthOf: (kept: KeptEvidence) => Truth | null): Ablation[] {
  const results = Object.keys(alterations).map((without) => ({ without, judged: [] as Judged[] }));
  for (const one of kept) {
    const truth = truthOf(one);
    if (truth === null || truth.services.length === 0) continue;
    for (const { without, judged } of results) {
      const alter = alterations[without] ?? ((input: RankingInput) => input);
      judged.push(...[judgeKept(one, truth, { alter })].filter((found) => found !== null));
    }
  }
  return results;
}

/** Top-1 and top-3 by system, one row per removed signal. */
export function formatAblation(ablations: readonly Ablation[]): string {
  const systems = groups(ablations[0]?.judged ?? [], ({ system }) => system).map(([system]) => system);
  const cell = (judged: readonly Judged[], system: string): string => {
    const { cases, top1, top3 } = tally(judged.filter((one) => one.system === system).map(({ rank }) => rank));
    return `${top1}, ${top3} of ${cases}`;
  };
  return table(
    ['without', ...systems.map((system) => `${system}, top-1, top-3`)],
    ablations.map(({ without, judged }) => [without, ...systems.map((system) => cell(judged, system))]),
  );
}
