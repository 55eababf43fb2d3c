import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation, type Shift, series } from '../testing/fixture.ts';
import { lostCalls } from './lost-calls.ts';

const rates = [series('web', 'requests', [10, 10], '1/s'), series('pay', 'requests', [2, 0], '1/s')];
const edges = edge({ from: 'web', to: 'pay' });

describe('lost calls', () => {
  it('blames the caller that is called as before and no longer calls', () => {
    expect(suspectsOf(lostCalls, { series: rates, edges })).toEqual(['web code']);
    expect(findingsOf(lostCalls, { series: rates, edges })[0]?.edge).toEqual({ caller: 'web', callee: 'pay' });
  });

  it('finds nothing when the caller itself is called less, or when its spans tell more', () => {
    const fewer = [series('web', 'requests', [10, 1], '1/s'), ...rates.slice(1)];
    expect(suspectsOf(lostCalls, { series: fewer, edges })).toEqual([]);
    const operations = operation({ service: 'web', self: [5, 5] });
    expect(suspectsOf(lostCalls, { series: rates, edges, operations })).toEqual([]);
  });

  it('shares the blame among the callers that stopped', () => {
    const both = {
      series: [...rates, series('shop', 'requests', [10, 10], '1/s')],
      edges: [...edges, ...edge({ from: 'shop', to: 'pay' })],
    };
    const [one, two] = findingsOf(lostCalls, both);
    expect(one?.strength).toBeCloseTo(two?.strength ?? 0);
    expect(one?.strength).toBeLessThan(findingsOf(lostCalls, { series: rates, edges })[0]?.strength ?? 0);
  });

  it('is refuted by a callee that rejects the calls', () => {
    const lead = { edge: { caller: 'api', callee: 'db' } };
    const outcome = (shift?: Shift): string =>
      refutationOf(lostCalls, { series: shift ? [series('db', 'latency.average', shift, 's')] : [] }, { lead });
    expect(outcome()).toMatch(/^not-run: no metric of db/);
    expect(outcome([0.1, 0.1])).toBe('survived: it is neither slower nor failing');
    expect(outcome([0.1, 0.9])).toBe('refuted: it is slower or fails');
  });
});
