/** Long periods stamped with their start: what is known at the end of the play, and what with the rows that are stamped after it. Pure. */
import type { Judged } from './judge.ts';
import { table } from './report.ts';
import { tally } from './score.ts';

/** The same cases, played with metrics stamped up to `aheadS` seconds after the end of the play. */
export interface AheadPlay {
  readonly aheadS: number;
  readonly judged: readonly Judged[];
}

/** A row for each play, the strict one first, over the cases that all of them hold; then the cases that only rows stamped ahead get right. */
export function aheadTable(strict: readonly Judged[], plays: readonly AheadPlay[]): string {
  const names = new Set(plays[0]?.judged.map((one) => one.case));
  const known = strict.filter((one) => names.has(one.case));
  const rows = [{ aheadS: 0, judged: known }, ...plays].map(({ aheadS, judged }) => {
    const { cases, top1, top3, top5 } = tally(judged.map(({ rank }) => rank));
    return [aheadS === 0 ? 'not at all' : `up to ${aheadS} s`, ...[cases, top1, top3, top5].map(String)];
  });
  const told = new Set(plays.flatMap(({ judged }) => judged.filter(({ hit }) => hit).map((one) => one.case)));
  const late = known.filter((one) => !one.hit && told.has(one.case)).map((one) => `\`${one.case}\``);
  return `${table(['sent ahead', 'cases', 'top-1', 'top-3', 'top-5'], rows)}\n\nRight only with rows stamped ahead: ${late.length === 0 ? 'none' : late.join(', ')}.`;
}

/** `300=DIR,900=DIR`. Throws on anything else. */
export function parseAhead(list: string): { aheadS: number; folder: string }[] {
  return list
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, seconds, folder] = /^(\d+)=(.+)$/.exec(part) ?? [];
      if (seconds === undefined || folder === undefined)
        throw new Error(`--ahead-evidence: expected SECONDS=DIR, not ${part}`);
      return { aheadS: Number(seconds), folder };
    });
}
