import { expect, it } from 'vitest';
import { judgeRest } from './judge.ts';

const samples = (...values: number[]) => values.map((rss) => ({ rss }));

it('memory that grows only in the beginning is at rest', () => {
  expect(judgeRest(samples(100, 300, 500, 520, 510, 530))).toEqual({
    thirds: [200, 510, 520],
    growth: 0.02,
    isFlat: true,
  });
});

it('memory that still grows in the last third is not', () => {
  expect(judgeRest(samples(100, 200, 300, 400, 500, 600))).toMatchObject({ growth: 0.571, isFlat: false });
});

it('memory that shrinks is at rest', () => {
  expect(judgeRest(samples(900, 900, 500)).isFlat).toBe(true);
});
