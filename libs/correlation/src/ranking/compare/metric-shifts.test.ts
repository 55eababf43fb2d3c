import { describe, expect, it } from 'vitest';
import { knownOnset } from '../onset/find-onset.ts';
import { onsetMs, series } from '../testing/fixture.ts';
import { metricShifts, shiftOf } from './metric-shifts.ts';

type Row = ReturnType<typeof series>;

const onset = knownOnset(onsetMs);
const shift = (row: Row) => shiftOf(row, onset);
const zOf = (row: Row) => shift(row)?.z ?? Number.NaN;
/** Points at these times with these values. */
const points = (...values: (readonly [number, number])[]) =>
  values.map(([at, value]) => [at, value, value, 1] as const);
const history = { count: 1000, min: 0, p01: 1, p25: 4, p50: 5, p75: 6, p99: 9, max: 20 };

describe('which series are judged', () => {
  it.each([
    ['cpu.usage', ['cpu']],
    ['network.receive', []],
    ['weather', []],
    ['node.cpu.usage', []],
    ['node.disk.used', ['disk']],
  ])('%s: %j', (metric, subjects) => {
    const found = metricShifts([series('api', metric, [1, 2])], onset);
    expect(found.map(({ subject }) => subject)).toEqual(subjects);
  });
});

describe('a shift', () => {
  it('is from the median of the past to the median since the onset', () => {
    expect(shift(series('api', 'cpu', [100, 300]))).toMatchObject({ before: 101, during: 300 });
  });

  it('has the sign of its direction', () => {
    expect(zOf(series('api', 'cpu', [1, 3]))).toBeGreaterThan(10);
    expect(zOf(series('api', 'cpu', [3, 1]))).toBeLessThan(-10);
  });

  it('is none without points in one of the windows', () => {
    const row = series('api', 'cpu', [1, 3]);
    expect(shift({ ...row, points: row.points.filter(([at]) => at < onsetMs) })).toBeNull();
    expect(shift({ ...row, points: row.points.filter(([at]) => at >= onsetMs) })).toBeNull();
  });

  it('takes the latest of one or two points, and never the gap', () => {
    const row = series('api', 'cpu', [1, 3]);
    const past = row.points.filter(([at]) => at < onsetMs - 60_000);
    const gap = points([onsetMs - 30_000, 99]);
    const now = points([onsetMs, 3], [onsetMs + 30_000, 5]);
    const found = shiftOf({ ...row, points: [...past, ...gap, ...now] }, knownOnset(onsetMs, onsetMs - 60_000));
    expect(found?.during).toBe(5);
    expect(found?.before).toBeLessThan(1.1);
  });

  it('of a period of minutes is looked for from half a period before the onset, where such a point begins', () => {
    const row = { ...series('api', 'cpu', [1, 1]), points: points([0, 1], [300_000, 1], [480_000, 9]) };
    expect(shift(row)).toMatchObject({ during: 9 });
  });
});

describe('the least spread', () => {
  it('is a twentieth of the level, so that two per cent more of a flat series is nothing', () => {
    expect(zOf(series('api', 'memory', [100, 103]))).toBeLessThan(1);
  });

  it('is two points of a percentage, or less after a long quiet past', () => {
    const row = series('api', 'cpu', [10, 14], '%');
    const quiet = { ...history, min: 9, p01: 10, p25: 10, p50: 10, p75: 10, p99: 10, max: 11 };
    expect(zOf(row)).toBeCloseTo(2, 0);
    expect(zOf({ ...row, history: quiet })).toBeGreaterThan(10);
  });

  it('comes from the quartiles of the history where the last hour was quieter than the days before', () => {
    const row = series('api', 'memory', [100, 200]);
    const restless = { ...history, count: 50, p25: 50, p50: 100, p75: 150 };
    expect(zOf({ ...row, history: restless })).toBeLessThan(0.5 * zOf(row));
  });
});

describe('the past', () => {
  it.each([
    ['within the middle 98 %', 8.9, 2.3],
    ['within the extremes', 15, 3.1],
  ])('caps z for a value that was seen before, %s', (_, during, cap) => {
    expect(zOf({ ...series('api', 'cpu', [5, during]), history })).toBe(cap);
  });

  it('caps nothing for a value that was never seen, nor where the history is short', () => {
    expect(zOf({ ...series('api', 'cpu', [5, 25]), history })).toBeGreaterThan(20);
    expect(zOf({ ...series('api', 'cpu', [5, 8.9]), history: { ...history, count: 99 } })).toBeGreaterThan(5);
  });

  it('is the history where the series has few points of its own', () => {
    const row = { ...series('api', 'cpu', [5, 25]), points: points([300_000, 7], [onsetMs, 25]) };
    expect(shift({ ...row, history })?.before).toBe(5);
    expect(shift(row)?.before).toBe(7);
  });

  it('takes the part of a shift off that was already there before the onset', () => {
    const early = series('api', 'cpu', [1, 3]).points.map(([at, value, max, count]) =>
      at >= onsetMs - 240_000 && at < onsetMs ? ([at, 2, 2, count] as const) : ([at, value, max, count] as const),
    );
    const fresh = zOf(series('api', 'cpu', [1, 3]));
    const half = zOf({ ...series('api', 'cpu', [1, 3]), points: early });
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(0.6 * fresh);
  });
});

describe('growth', () => {
  it('is relative to the level', () => {
    expect(shift(series('api', 'memory', [100, 303]))?.growth).toBeCloseTo(2);
  });

  it.each([
    ['seconds of processor time', 'cpu.time', 's', true],
    ['a share of the limit', 'cpu.utilization', '1', false],
    ['throttled time', 'cpu.throttled', 's', false],
  ])('of next to nothing is small only for %s', (_, metric, unit, isSmall) => {
    const growth = shift(series('api', metric, [0.001, 0.02], unit))?.growth ?? Number.NaN;
    expect(growth < 1).toBe(isSmall);
  });
});
