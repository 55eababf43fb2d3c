import { expect, it } from 'vitest';
import { pageOf, played } from '../testing/played.ts';

const two = ['0s config revisionScheduleMs=[] concurrentMs=120000', '0s alert - Backup', '0s alert - Restore'];
const concurrentOf = (lines: readonly string[], name = '#1') => {
  const player = played(...lines);
  return pageOf(player, name).concurrent.incidentIds.map((id) => player.names.name(id));
};

it('each page names the others of the same minutes', () => {
  expect(concurrentOf([...two, '5s'])).toEqual(['#2']);
  expect(concurrentOf([...two, '5s'], '#2')).toEqual(['#1']);
});

it.each([
  ['one that opens later', ['3m alert - Late', '3.1m']],
  ['one whose alert had fired for months when it came', ['4s alert - Old start=-2160h', '8s note #1 x']],
  ['one that is over', ['5s resolve #2', '7s note #1 x']],
  ['one that was merged', ['5s merge #1 #2', '7s note #1 x']],
])('no page names %s', (_what, lines) => {
  const named = concurrentOf([...two.slice(0, /Late|Old/.test(lines[0] ?? '') ? 2 : 3), '4s', ...lines]);
  expect(named).toEqual([]);
});

it('only so many are noted, and fewer are named', () => {
  const many = Array.from({ length: 30 }, (_, n) => `0s alert - A${n}`);
  const player = played(two[0] ?? '', ...many, '10s');
  const { count, incidentIds } = pageOf(player, '#1').concurrent;
  expect([count, incidentIds.length]).toEqual([20, 5]);
});

it('what is resolved names none', () => {
  expect(concurrentOf([...two, '5s resolve #1'])).toEqual([]);
});

it('a page is revised each time the number of others has doubled', () => {
  const lines = Array.from({ length: 10 }, (_, n) => `${n * 20}s alert - A${n}`);
  const player = played('0s config revisionScheduleMs=[] concurrentMs=600000', ...lines, '300s');
  expect(pageOf(player, '#1').concurrent.incidentIds).toHaveLength(5);
  expect(pageOf(player, '#1').concurrent.count).toBe(8);
  expect(pageOf(player, '#1').revision).toBe(5);
});
