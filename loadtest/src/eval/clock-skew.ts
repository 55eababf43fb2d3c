/** Compares runs that got metrics stamped after the end of the case with runs that did not. Pure. */
import type { Judged } from './judge.ts';
import { table } from './report.ts';
import { tally } from './score.ts';

/** The same cases, run with metrics stamped up to `skewS` seconds after their end. */
interface ClockSkewRun {
  readonly skewS: number;
  readonly judged: readonly Judged[];
}

/**
 * One row per run, the one without skew first, over the cases that all runs have. Then the cases that are right only
 * with skew.
 */
export function clockSkewTable(strict: readonly Judged[], runs: readonly ClockSkewRun[]): string {
  const names = new Set(runs[0]?.judged.map((one) => one.case));
  const shared = strict.filter((one) => names.has(one.case));
  const rows = [{ skewS: 0, judged: shared }, ...runs].map(({ skewS, judged }) => {
    const { cases, top1, top3, top5 } = tally(judged.map(({ rank }) => rank));
    return [skewS === 0 ? 'none' : `up to ${skewS} s`, ...[cases, top1, top3, top5].map(String)];
  });
  const rightWithSkew = new Set(runs.flatMap(({ judged }) => judged.filter(({ hit }) => hit).map((one) => one.case)));
  const gained = shared.filter((one) => !one.hit && rightWithSkew.has(one.case)).map((one) => `\`${one.case}\``);
  return `${table(['clock skew', 'cases', 'top-1', 'top-3', 'top-5'], rows)}\n\nRight only with clock skew: ${gained.length === 0 ? 'none' : gained.join(', ')}.`;
}

/** Parses `300=DIR,900=DIR`. Throws on anything else. */
export function parseClockSkew(list: string): { skewS: number; folder: string }[] {
  return list
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, seconds, folder] = /^(\d+)=(.+)$/.exec(part) ?? [];
      if (seconds === undefined || folder === undefined)
        throw new Error(`--clock-skew-evidence: expected SECONDS=DIR, not ${part}`);
      return { skewS: Number(seconds), folder };
    });
}
