import { expect, it } from 'vitest';
import { aheadTable, parseAhead } from './clock-skew.ts';
import type { Judged } from './judge.ts';

const judged = (name: string, rank: number | null): Judged => ({
  case: name,
  system: 's',
  family: 'f',
  incidents: 1,
  said: '',
  verdict: 'identified',
  probability: 0.9,
  hit: rank === 1,
  rank,
  baselineRank: null,
  kindRight: null,
  instanceRight: null,
  sinceErrorMs: null,
  guiltyFound: null,
  innocentBlamed: null,
  abstained: null,
  toldApart: null,
});

it('compares the cases that were played both ways, and names those that only later rows get right', () => {
  const strict = [judged('a', 1), judged('b', null), judged('other', 1)];
  const text = aheadTable(strict, [{ aheadS: 300, judged: [judged('a', 1), judged('b', 1)] }]);
  expect(text).toMatch(/not at all +\| 2 +\| 1 /);
  expect(text).toMatch(/up to 300 s +\| 2 +\| 2 /);
  expect(text).toContain('Right only with rows stamped ahead: `b`.');
});

it('reads seconds and folders, and refuses the rest', () => {
  expect(parseAhead('300=/a,900=/b')).toEqual([
    { aheadS: 300, folder: '/a' },
    { aheadS: 900, folder: '/b' },
  ]);
  expect(() => parseAhead('/a')).toThrow(/SECONDS=DIR/);
});
