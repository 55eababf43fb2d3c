import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { operation, series } from '../testing/fixture.ts';
import { serviceMetrics } from './service-metrics.ts';

const latency = (service: string, shift: readonly [number, number]) => series(service, 'latency.average', shift, 's');

describe('service metrics', () => {
  it('leaves to a callee what the callee added', () => {
    const rows = { series: [latency('web', [0.1, 0.5]), latency('table', [0.01, 0.4])] };
    const [first, ...rest] = findingsOf(serviceMetrics, rows, { declaredEdges: [{ from: 'web', to: 'table' }] });
    expect(first?.service).toBe('table');
    expect(rest.every(({ strength }) => strength < 0.2 * (first?.strength ?? 0))).toBe(true);
  });

  it('leaves to the network what a mesh measures there, in whatever unit', () => {
    const web = latency('web', [0.1, 0.5]);
    const link = {
      ...series('mesh', 'request.duration', [10, 410], 'ms'),
      attributes: 'destination=ads,reporter=source,source=web',
    };
    const ofWeb = (...rows: ReturnType<typeof series>[]): number =>
      findingsOf(serviceMetrics, { series: rows }).find(({ service }) => service === 'web')?.strength ?? 0;
    expect(ofWeb(web)).toBeGreaterThan(0.5);
    expect(ofWeb(web, link)).toBeLessThan(0.05);
  });

  it('does not blame what was off before the onset', () => {
    const late = latency('table', [0.01, 0.4]);
    const points = late.points.map(([atMs, , , n]) => [atMs, atMs < 300_000 ? 0.01 : 0.4, 0.4, n] as const);
    expect(suspectsOf(serviceMetrics, { series: [{ ...late, points }] })).toEqual([]);
  });

  it('reads a falling share of successes as failures', () => {
    expect(suspectsOf(serviceMetrics, { series: [series('web', 'success_rate', [99, 60], '%')] })).toEqual([
      'web error',
    ]);
  });

  it('says nothing of a service with spans', () => {
    const rows = { series: [latency('web', [0.1, 0.5])], operations: operation({ service: 'web', self: [5, 5] }) };
    expect(suspectsOf(serviceMetrics, rows)).toEqual([]);
  });

  it('is refuted by a callee whose metric moved as much', () => {
    const lead = { weightName: 'serviceLatency' };
    const more = { declaredEdges: [{ from: 'api', to: 'db' }] };
    const moved = (db: number): string =>
      refutationOf(serviceMetrics, { series: [latency('api', [0.1, 0.5]), latency('db', [0.1, db])] }, { lead, more });
    expect(moved(0.15)).toMatch(/^survived: db rose by 1\d % of the rise at api$/);
    expect(moved(0.48)).toMatch(/^refuted: db rose by 9\d %/);
    const alone = { series: [latency('api', [0.1, 0.5])] };
    expect(refutationOf(serviceMetrics, alone, { lead })).toBe('survived: it calls no known service');
    expect(refutationOf(serviceMetrics, alone, { lead, more })).toMatch(/^not-run: no such metric of db/);
  });
});
