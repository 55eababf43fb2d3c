import type { SeriesRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { deploy, onsetMs, series } from '../../testing/fixture.ts';
import { contrastCanary } from './canary.ts';

const release = deploy('api', onsetMs - 120_000);

function measured(instance: string, metric: string, values: readonly [number, number]): SeriesRow {
  return { ...series('api', metric, values), instance };
}
/** An instance that began with the release, always at `value`. */
function canary(metric: string, value: number): SeriesRow {
  const row = measured('api-new', metric, [value, value]);
  return { ...row, points: row.points.filter(([atMs]) => atMs >= release.startedAtMs) };
}
const verdict = (...rows: SeriesRow[]) => contrastCanary(compareRows({ series: rows }), release, 'api');

it('only the canary is worse: the release is at fault', () => {
  expect(verdict(measured('api-1', 'http.latency', [10, 10]), canary('http.latency', 50))).toBe('guilty');
  expect(verdict(measured('api-1', 'memory.usage', [10, 10]), canary('memory.usage', 50))).toBe('guilty');
});

it('the old instances suffer as well, or the canary answers like them: it is not', () => {
  expect(verdict(measured('api-1', 'http.latency', [10, 50]), canary('http.latency', 50))).toBe('innocent');
  expect(verdict(measured('api-1', 'http.latency', [10, 10]), canary('http.latency', 10))).toBe('innocent');
});

it('a quiet processor alone clears nothing', () => {
  expect(verdict(measured('api-1', 'memory.usage', [10, 10]), canary('memory.usage', 10))).toBe('unknown');
});

it('without old or without new instances nothing can be told', () => {
  expect(verdict(measured('api-1', 'http.latency', [10, 50]))).toBe('unknown');
  expect(verdict(canary('http.latency', 50))).toBe('unknown');
  expect(verdict(measured('api-1', 'cpu.usage', [10, 50]), canary('http.latency', 50))).toBe('unknown');
});
