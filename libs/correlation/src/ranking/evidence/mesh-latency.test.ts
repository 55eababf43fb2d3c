import type { SeriesRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { series } from '../testing/fixture.ts';
import { meshLatency } from './mesh-latency.ts';

const link = (reporter: string, source: string, destination: string, shift: readonly [number, number]): SeriesRow => ({
  ...series('mesh', 'request.duration', shift, 's'),
  attributes: `destination=${destination},reporter=${reporter},source=${source}`,
});

describe('mesh latency', () => {
  const rows = {
    series: [
      link('source', 'web', 'api', [0.1, 0.9]),
      link('source', 'api', 'mail', [0.01, 0.8]),
      link('destination', 'api', 'mail', [0.01, 0.01]),
    ],
  };

  it('blames the last link that became slower, and the network when the callee’s end sees nothing', () => {
    expect(suspectsOf(meshLatency, rows)[0]).toBe('mail network');
    expect(findingsOf(meshLatency, rows)[0]?.edge).toEqual({ caller: 'api', callee: 'mail' });
  });

  it('blames the callee when both ends see it', () => {
    const both = [link('source', 'api', 'mail', [0.01, 0.8]), link('destination', 'api', 'mail', [0.01, 0.79])];
    expect(suspectsOf(meshLatency, { series: both })).toEqual(['mail latency']);
  });

  it('leaves other series alone', () => {
    expect(suspectsOf(meshLatency, { series: [series('api', 'request.duration', [0.1, 0.9], 's')] })).toEqual([]);
  });

  it('is refuted by slow calls of the callee', () => {
    const outcome = (...links: SeriesRow[]) => refutationOf(meshLatency, { series: links });
    const slow = link('source', 'web', 'api', [0.1, 0.9]);
    expect(outcome(slow)).toBe('survived: the mesh sees no calls of it');
    expect(outcome(slow, link('source', 'api', 'db', [0.1, 0.11]))).toMatch(/^survived/);
    expect(outcome(slow, link('source', 'api', 'db', [0.1, 0.8]))).toMatch(/^refuted/);
  });
});
