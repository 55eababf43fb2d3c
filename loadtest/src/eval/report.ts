/** The table that `npm run eval` prints: hits by system beside the three-rule baseline. */
import type { Played } from './play.ts';
import { strictRank, tally } from './score.ts';

export interface Judged extends Played {
  readonly rank: number | null;
  readonly baselineRank: number | null;
}

/** Adds the ranks of the product and of the baseline; null where there is no label or no evidence was seen. */
export function judge(played: Played, label: string | undefined, baseline: readonly string[] | null): Judged {
  if (label === undefined) return { ...played, rank: null, baselineRank: null };
  const guesses = played.hypotheses.map(({ service, probability }) => ({ service, score: probability }));
  const place = baseline?.indexOf(label) ?? -1;
  return { ...played, rank: finite(strictRank(guesses, label)), baselineRank: place < 0 ? null : place + 1 };
}

function finite(rank: number): number | null {
  return Number.isFinite(rank) ? rank : null;
}

/** One line a system: cases, top-1/3/5 of both, and the slowest first hypothesis. */
export function formatReport(judged: readonly Judged[]): string {
  const rows = [...Map.groupBy(judged, ({ system }) => system)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([system, cases]) => row(system, cases));
  return [header, ...rows, ...(rows.length > 1 ? [row('all', judged)] : [])].join('\n');
}

const header = 'system          cases   top-1  top-3  top-5   baseline 1/3/5   first hypothesis p50/max';

function row(system: string, cases: readonly Judged[]): string {
  const own = tally(cases.map(({ rank }) => rank ?? Number.POSITIVE_INFINITY));
  const base = tally(cases.map(({ baselineRank }) => baselineRank ?? Number.POSITIVE_INFINITY));
  const first = cases
    .map(({ firstHypothesisMs }) => firstHypothesisMs ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  const counts = [own.top1, own.top3, own.top5].map((count) => String(count).padStart(5)).join('  ');
  const times = `${first[Math.floor(first.length / 2)]} / ${first.at(-1)} ms`;
  return `${system.padEnd(14)} ${String(own.cases).padStart(6)}   ${counts}   ${`${base.top1}/${base.top3}/${base.top5}`.padStart(14)}   ${times}`;
}
