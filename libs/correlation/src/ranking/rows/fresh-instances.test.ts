import { expect, it } from 'vitest';
import { series } from '../testing/fixture.ts';
import { freshInstances } from './fresh-instances.ts';

const minute = 60_000;
/** A series with a point every minute from then on. */
const from = (startMs: number, instance: string) => ({
  ...series('api', 'memory', [1, 1]),
  instance,
  points: Array.from({ length: 60 }, (_, i) => [startMs + i * minute, 1, 1, 1] as const),
});
const old = from(0, 'old');

it('an instance that began within a quarter of an hour is fresh', () => {
  const [before, fresh] = [from(30 * minute, 'before'), from(50 * minute, 'new')];
  const { startOf } = freshInstances([old, before, fresh], 60 * minute);
  expect([old, before, fresh].map(startOf)).toEqual([null, null, 50 * minute]);
});

it('where collection began for all, nobody is fresh', () => {
  const late = from(2 * minute, 'late');
  expect(freshInstances([old, late], 5 * minute).startOf(late)).toBeNull();
});

it('a series of a whole service, or of an instance without series, has no start', () => {
  const { startOf } = freshInstances([old, from(50 * minute, '')], 60 * minute);
  expect([startOf({ service: 'api', instance: '' }), startOf({ service: 'api', instance: 'x' })]).toEqual([null, null]);
});
