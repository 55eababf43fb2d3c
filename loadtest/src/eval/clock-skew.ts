/** Long periods stamped with their start: what is shared at the end of the play, and what with the rows that are stamped after it. Pure. */
import type { Judged } from './judge.ts';
import { table } from './report.ts';
import { tally } from './score.ts';

/** The same cases, run with metrics stamped up to `skewS` seconds after the end of the play. */
export interface ClockSkewRun {
  readonly skewS: number;
  readonly judged: readonly Judged[];
}

/** A row for each play, the strict one first, over the cases that all of them hold; then the cases that only rows stamped ahead get right. */
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

/** `300=DIR,900=DIR`. Throws on anything else. */
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
