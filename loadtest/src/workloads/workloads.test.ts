/** A few seeds of each fault, from API objects through the source and the core. `npm run eval -- --workloads` plays many. */
import { expect, it } from 'vitest';
import { formatWorkloadMisses, formatWorkloads, judgeWorkloads } from './report.ts';

const judged = judgeWorkloads([3, 4]);

it('names mechanism, object and field of nearly every fault', () => {
  const right = judged.filter(({ isRight }) => isRight).length;
  expect([right / judged.length >= 0.95, formatWorkloadMisses(judged)]).toEqual([true, expect.any(String)]);
});

it('seldom blames an innocent', () => {
  expect(judged.filter(({ blamesInnocent }) => blamesInnocent).length / judged.length).toBeLessThan(0.03);
});

it('names the change that made the fault', () => {
  const withChange = judged.filter(({ namesChange }) => namesChange !== null);
  expect(withChange.filter(({ namesChange }) => namesChange).length / withChange.length).toBeGreaterThan(0.95);
});

it('prints a line for each fault and the totals', () => {
  expect(formatWorkloads(judged).split('\n').length).toBe(new Set(judged.map(({ fault }) => fault)).size + 4);
});
