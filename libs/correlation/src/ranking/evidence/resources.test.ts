import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, strengthOf, suspectsOf } from '../testing/evidence.ts';
import { edge, type Rows, series, underLoad, withRates } from '../testing/fixture.ts';
import { resources } from './resources.ts';

describe('resources', () => {
  it('names the instance whose processor rose beyond its own history', () => {
    const busy = series('api', 'process.cpu.utilization', [0.2, 0.95]);
    const rows = { series: [busy, series('web', 'process.cpu.utilization', [0.2, 0.2])] };
    expect(suspectsOf(resources, rows)).toEqual(['api cpu']);
    expect(findingsOf(resources, rows)[0]).toMatchObject({ entity: 'pod:api-1', weightName: 'cpu' });
  });

  it('hardly counts a processor that uses a fraction of its limit, by whatever metric', () => {
    const strongest = (ratePercent: number): number =>
      strengthOf(resources, {
        series: [
          series('api', 'pod.cpu.usage', [0.1, 3], 'm'),
          series('api', 'pod.cpu.usage_rate', [ratePercent / 30, ratePercent], '%'),
        ],
      });
    expect(strongest(1.5)).toBeLessThan(0.05);
    expect(strongest(90)).toBeGreaterThan(0.8);
  });

  it('takes a rise that all instances share for load', () => {
    const rows = { series: ['a', 'b', 'c', 'd', 'e'].map((name) => series(name, 'cpu.usage', [0.2, 0.5])) };
    expect(suspectsOf(resources, rows)).toEqual([]);
  });

  it.each(['cpu', 'queue'] as const)('a short %s is refuted by more requests', (faultType) => {
    const outcome = (rows: Rows) => refutationOf(resources, rows, { lead: { faultType }, more: underLoad(rows) });
    const called = (rate: readonly [number, number]): Rows => ({
      operations: withRates('api', rate),
      edges: edge({ from: 'web', to: 'api' }),
    });
    expect(outcome(called([100, 110]))).toBe('survived: 1.1 times as many as before');
    expect(outcome(called([100, 300]))).toBe('refuted: 3 times as many as before');
    expect(outcome({})).toMatch(/^not-run/);
  });

  it('counts requests by the service’s own metric where there are no spans', () => {
    const outcome = (during: number) =>
      refutationOf(
        resources,
        { series: [series('api', 'requests', [10, during], '1/s')] },
        { lead: { faultType: 'disk' } },
      );
    expect(outcome(10)).toMatch(/^survived: 0.99 times/);
    expect(outcome(40)).toMatch(/^refuted: 3.96 times/);
  });

  it('is not refuted by load where it grew beyond the load', () => {
    const rows = (during: number): Rows => ({
      operations: withRates('api', [100, 200]),
      edges: edge({ from: 'web', to: 'api' }),
      series: [series('api', 'cpu.usage', [0.1, during])],
    });
    const outcome = (during: number) =>
      refutationOf(resources, rows(during), { lead: { faultType: 'cpu' }, more: underLoad(rows(during)) });
    expect(outcome(0.9)).toBe('survived: 2 times the requests, 8.91 times the cpu');
    expect(outcome(0.2)).toBe('refuted: 2 times the requests, 1.98 times the cpu');
  });

  it('a full pool is refuted by what the service waits for', () => {
    const lead = { faultType: 'pool' } as const;
    const edges = edge({ from: 'api', to: 'db', total: [10, 300] });
    expect(refutationOf(resources, { edges }, { lead })).toBe('refuted: db is slower or failing');
    const steady = { operations: withRates('api', [100, 100]) };
    expect(refutationOf(resources, steady, { lead, more: underLoad(steady) })).toMatch(/^survived/);
  });
});
