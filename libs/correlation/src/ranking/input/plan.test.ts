import { expect, it } from 'vitest';
import { planEvidence } from './plan.ts';

it('cuts the quarter of an hour before the alert and the time since into whole windows, after an hour of baseline', () => {
  const { slices, series, seriesHistory } = planEvidence({ startedAtMs: 10_000_003, nowMs: 10_060_007 });
  expect(slices[0]).toEqual({ fromMs: 5_500_000, toMs: 9_100_000 });
  expect(slices[1]).toEqual({ fromMs: 9_100_000, toMs: 9_160_000 });
  expect(slices.find(({ fromMs }) => fromMs === 9_700_000)?.toMs).toBe(9_730_000);
  expect(slices.at(-1)?.toMs).toBe(10_070_000);
  expect(slices.every(({ fromMs, toMs }) => fromMs % 10_000 === 0 && toMs % 10_000 === 0 && fromMs < toMs)).toBe(true);
  expect(slices.slice(2).every(({ fromMs }, i) => fromMs === slices[i + 1]?.toMs)).toBe(true);
  expect(series).toMatchObject({ fromMs: 5_500_000, toMs: 10_370_000, stepMs: 30_000 });
  expect(seriesHistory.toMs).toBe(series.fromMs);
});

it('stays bounded for an incident of a day, and keeps the last minute short', () => {
  const { slices, series } = planEvidence({ startedAtMs: 100_000_000, nowMs: 186_400_000 });
  expect(slices.length).toBeLessThanOrEqual(31);
  expect(slices.slice(-2).map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([30_000, 30_000]);
  expect((series.toMs - series.fromMs) / series.stepMs).toBeLessThanOrEqual(240);
});

it('makes slices shorter near the alert, where most incidents begin', () => {
  const { slices } = planEvidence({ startedAtMs: 10_000_000, nowMs: 10_300_000 });
  const lengthAt = (atMs: number): number => {
    const slice = slices.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    return slice === undefined ? 0 : slice.toMs - slice.fromMs;
  };
  expect([lengthAt(9_000_000), lengthAt(9_400_000), lengthAt(9_900_000)]).toEqual([3_600_000, 60_000, 30_000]);
});

it('ends at the alert where the clock of the alert runs ahead', () => {
  const { slices } = planEvidence({ startedAtMs: 10_000_000, nowMs: 9_900_000 });
  expect(slices.at(-1)?.toMs).toBe(10_000_000);
});

it('asks for metrics that some detector reads, and for no others', () => {
  const asked = new RegExp(planEvidence({ startedAtMs: 10_000_000, nowMs: 10_060_000 }).series.metrics ?? '^');
  expect(['process.cpu.utilization', 'k8s.container.restarts'].every((name) => asked.test(name))).toBe(true);
  expect(asked.test('build.info')).toBe(false);
});

it('asks for two weeks of history, so that each hour of the week is in it twice', () => {
  const { seriesHistory } = planEvidence({ startedAtMs: 10_000_000, nowMs: 10_060_000 });
  expect(seriesHistory.toMs - seriesHistory.fromMs).toBe(14 * 86_400_000);
});
