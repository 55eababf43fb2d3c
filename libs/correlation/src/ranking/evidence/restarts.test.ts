import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { refutationOf, suspectsOf } from '../testing/evidence.ts';
import { onsetMs, type Rows, series } from '../testing/fixture.ts';
import { restarts } from './restarts.ts';

const counter = series('api', 'container.restarts', [0, 1]);

describe('restarts', () => {
  it('suggests memory when that had climbed, and down when it had not', () => {
    const memory = (peak: number): SeriesRow => {
      const row = series('api', 'memory.working_set', [100, 100], 'By');
      const points = row.points.map((point) =>
        point[0] >= 450_000 && point[0] < onsetMs ? ([point[0], peak, peak, 1] as const) : point,
      );
      return { ...row, points };
    };
    expect(suspectsOf(restarts, { series: [counter, memory(300)] })).toEqual(['api memory']);
    expect(suspectsOf(restarts, { series: [counter, memory(101)] })).toEqual(['api down']);
  });

  it('finds nothing in a counter that does not rise', () => {
    expect(suspectsOf(restarts, { series: [series('api', 'container.restarts', [3, 3])] })).toEqual([]);
  });

  it('is refuted by harm that began well before it', () => {
    const restartAt = (at: number): Rows => {
      const row = series('api', 'container.restarts', [0, 0]);
      return {
        series: [{ ...row, points: row.points.map(([atMs]) => [atMs, atMs < at ? 0 : 1, atMs < at ? 0 : 1, 1]) }],
      };
    };
    expect(refutationOf(restarts, restartAt(onsetMs - 60_000))).toBe('survived: the restart came 60 s before it');
    expect(refutationOf(restarts, restartAt(onsetMs + 90_000))).toBe('refuted: the restart came 90 s after it');
  });
});
