import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { knownOnset } from '../onset/find-onset.ts';
import { series } from '../testing/fixture.ts';
import { metricShifts } from './metric-shifts.ts';

const minute = 60_000;
const onsetAt = 60 * minute;
const onset = knownOnset(onsetAt);

/** A point every half minute from `fromMs` to `toMs`. */
function measured(
  instance: string,
  [fromMs, toMs]: readonly [number, number],
  valueAt: (atMs: number) => number,
): SeriesRow {
  const times = Array.from({ length: (toMs - fromMs) / 30_000 }, (_, i) => fromMs + i * 30_000);
  const points = times.map((atMs, i) => [atMs, valueAt(atMs) * (1 + 0.01 * (i % 3)), valueAt(atMs), 1] as const);
  return { ...series('api', 'memory.working_set', [1, 1]), instance, points };
}
const old = measured('old', [0, 65 * minute], () => 500);
/** Starts with little memory five minutes before the onset, and fills its caches up to `level`. */
const rolledOut = (level: number) =>
  measured('new', [55 * minute, 65 * minute], (atMs) => level * Math.min(1, 0.3 + (atMs - 55 * minute) / (6 * minute)));
const growthOf = (...rows: SeriesRow[]) =>
  metricShifts(rows, onset).find(({ shift }) => shift.row.instance === 'new')?.shift;

describe('memory of a freshly rolled out instance', () => {
  it('that fills up to what its peers use is no shift', () => {
    const shift = growthOf(old, rolledOut(500));
    expect(shift?.growth).toBeLessThan(0.1);
    expect(shift?.z).toBeLessThan(3);
  });

  it('that fills up far beyond its peers is one', () => {
    const shift = growthOf(old, rolledOut(1200));
    expect(shift).toMatchObject({ growth: expect.closeTo(1.4, 0) });
    expect(shift?.z).toBeGreaterThan(6);
  });

  it('is compared with the instances that it replaced as well', () => {
    const replaced = measured('old', [0, 55 * minute], () => 500);
    expect(growthOf(replaced, rolledOut(500))?.growth).toBeLessThan(0.1);
  });

  it('is not judged while it warms up', () => {
    const justNow = measured('new', [64 * minute, 65 * minute], () => 5000);
    expect(growthOf(old, justNow)).toBeUndefined();
  });
});

it('an instance that ran before is compared with its own past', () => {
  const grown = measured('new', [0, 65 * minute], (atMs) => (atMs < onsetAt ? 100 : 300));
  expect(growthOf(old, grown)?.growth).toBeGreaterThan(1.8);
});
