import { expect, it } from 'vitest';
import { truncatedParts } from './evidence.ts';

const rows = (keys: number, slices: number) =>
  Array.from({ length: keys * slices }, (_, index) => ({
    slice: index % slices,
    service: `s${Math.floor(index / slices)}`,
    calls: index,
  }));

it('says which part had more keys than fit', () => {
  expect(truncatedParts({ operations: rows(10, 3), edges: rows(9, 3) }, 10)).toEqual([
    { part: 'operations', code: 'truncated', detail: '10' },
  ]);
});

it('many slices of few keys are whole', () => {
  expect(truncatedParts({ operations: rows(2, 30) }, 10)).toEqual([]);
});
