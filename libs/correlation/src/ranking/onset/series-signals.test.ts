import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { onsetMs, type Shift, series } from '../testing/fixture.ts';
import { seriesSignal } from './series-signals.ts';

/** The points of `series` are half a minute apart: from 0 to 750 s. */
const slices = [0, 540_000, 600_000, 660_000, 720_000].map((fromMs, i, all) => ({
  fromMs,
  toMs: all[i + 1] ?? 780_000,
}));
const signalOf = (row: SeriesRow) => seriesSignal(row, slices);
const cpu = (shift: Shift): SeriesRow => series('api', 'process.cpu.utilization', shift);
const meansOf = (row: SeriesRow): number[] =>
  signalOf(row).flatMap(({ sums, counts }) => [...sums].map((sum, slice) => sum / (counts[slice] ?? 0)));

describe('seriesSignal', () => {
  it('counts each point as one observation of its slice', () => {
    const [signal] = signalOf(cpu([0.2, 0.9]));
    expect(signal).toMatchObject({ service: 'api', twoSided: false });
    expect([...(signal?.counts ?? [])]).toEqual([18, 2, 2, 2, 2]);
  });

  it('rises where the metric gets worse, whichever direction that is', () => {
    for (const row of [cpu([0.2, 0.9]), series('api', 'http.success.ratio', [1, 0.2])]) {
      const [baseline = 0, before = 0, ...during] = meansOf(row);
      expect(Math.abs(before - baseline)).toBeLessThan(0.5);
      expect(Math.min(...during) - baseline).toBeGreaterThan(Math.asinh(2));
    }
  });

  it('falls where the metric gets better', () => {
    const [baseline = 0, , during = 0] = meansOf(cpu([0.9, 0.2]));
    expect(during).toBeLessThan(baseline);
  });

  it('compresses extremes, so that one absurd value is no proof', () => {
    const [, , tenfold = 0] = meansOf(cpu([0.2, 2]));
    const [, , absurd = 0] = meansOf(cpu([0.2, 2_000_000]));
    expect(absurd).toBeLessThan(1.2 * tenfold);
    expect(absurd).toBeLessThan(Math.asinh(10.5));
  });

  it.each([
    ['a change of less than a tenth', cpu([0.9, 0.95])],
    ['a metric that says nothing of harm', series('api', 'http.requests', [10, 100])],
    ['a metric of the whole machine', series('api', 'node.cpu.utilization', [0.2, 0.9])],
    ['a metric of hardly any points', { ...cpu([0.2, 0.9]), points: cpu([0.2, 0.9]).points.slice(-5) }],
    ['a metric that reports every two minutes', { ...cpu([0.2, 0.9]), points: everyFourth(cpu([0.2, 0.9]).points) }],
  ])('takes no notice of %s', (_what, row) => {
    expect(signalOf(row)).toEqual([]);
  });

  it('leaves out points that are newer than the last slice', () => {
    const [signal] = seriesSignal(cpu([0.2, 0.9]), slices.slice(0, 3));
    expect([...(signal?.counts ?? [])]).toEqual([18, 2, 2]);
    expect(slices[2]?.fromMs).toBe(onsetMs);
  });
});

function everyFourth(points: SeriesRow['points']): SeriesRow['points'] {
  return points.filter((_, i) => i % 4 === 0);
}
