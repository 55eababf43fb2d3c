import { expect, it } from 'vitest';
import { clockSkewTable, parseClockSkew } from './clock-skew.ts';
import type { Judged } from './judge.ts';

const judged = (name: string, rank: number | null): Judged => ({
  case: name,
  system: 's',
  family: 'f',
  incidents: 1,
  predicted: '',
  verdict: 'identified',
  probability: 0.9,
  hit: rank === 1,
  rank,
  baselineRank: null,
  kindRight: null,
  instanceRight: null,
  sinceErrorMs: null,
  guiltyChangeFound: null,
  innocentChangeBlamed: null,
  abstained: null,
  separated: null,
  grouping: null,
});

it('compares the cases that were run both ways, and names those that are right only with clock skew', () => {
  const strict = [judged('a', 1), judged('b', null), judged('other', 1)];
  const text = clockSkewTable(strict, [{ skewS: 300, judged: [judged('a', 1), judged('b', 1)] }]);
  expect(text).toMatch(/none +\| 2 +\| 1 /);
  expect(text).toMatch(/up to 300 s +\| 2 +\| 2 /);
  expect(text).toContain('Right only with clock skew: `b`.');
});

it('parses seconds and folders, and refuses anything else', () => {
  expect(parseClockSkew('300=/a,900=/b')).toEqual([
    { skewS: 300, folder: '/a' },
    { skewS: 900, folder: '/b' },
  ]);
  expect(() => parseClockSkew('/a')).toThrow(/SECONDS=DIR/);
});
