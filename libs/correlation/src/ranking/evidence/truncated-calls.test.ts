import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, strengthOf, suspectsOf } from '../testing/evidence.ts';
import { child, operation, type Rows } from '../testing/fixture.ts';
import { truncatedCalls } from './truncated-calls.ts';

const servers = (...names: string[]) => names.flatMap((service) => operation({ service, self: [5, 5] }));
/** Still calls `kept` in every span, and `lost` in hardly any since the onset. */
const stops = (service: string, kept: string, lost: string) => [
  ...child(service, kept, [500, 100]),
  ...child(service, lost, [500, 5]),
];

const twoCallers: Rows = {
  operations: servers('web', 'shop', 'stock', 'mail', 'cart'),
  children: [...stops('web', 'stock', 'cart'), ...stops('shop', 'stock', 'mail')],
};

describe('truncated calls', () => {
  it('blames what several callers still call before they stop', () => {
    expect(suspectsOf(truncatedCalls, twoCallers)).toEqual(['stock code']);
    expect(findingsOf(truncatedCalls, twoCallers)[0]?.summary).toContain('still call stock and then stop');
  });

  it('counts much less where a single caller stops: the fault may be in its own next step', () => {
    const alone = { ...twoCallers, children: stops('web', 'stock', 'cart') };
    expect(strengthOf(truncatedCalls, alone)).toBeLessThan(0.5 * strengthOf(truncatedCalls, twoCallers));
  });

  it('finds nothing when two services are still called, and when all are', () => {
    const both = [...stops('web', 'stock', 'cart'), ...child('web', 'mail', [500, 100])];
    expect(suspectsOf(truncatedCalls, { ...twoCallers, children: both })).toEqual([]);
    const healthy = [...child('web', 'stock', [500, 100]), ...child('web', 'cart', [500, 100])];
    expect(suspectsOf(truncatedCalls, { ...twoCallers, children: healthy })).toEqual([]);
  });

  it('is refuted by a caller that goes on, and confirmed by several that stop', () => {
    const goesOn = [...child('shop', 'stock', [500, 100]), ...child('shop', 'mail', [500, 100])];
    const children = [...stops('web', 'stock', 'cart'), ...goesOn];
    const lead = { service: 'stock' };
    const more = { declaredEdges: ['web', 'shop'].map((from) => ({ from, to: 'stock' })) };
    const outcome = (rows: Rows) => refutationOf(truncatedCalls, rows, { lead, more });
    expect(outcome({ ...twoCallers, children })).toBe('refuted: shop goes on as before');
    expect(outcome(twoCallers)).toMatch(/^survived: (web, shop|shop, web) stop after it$/);
  });

  it('is not visible in how calls are answered', () => {
    expect(truncatedCalls.traits.hiddenInAnswers).toBe(true);
  });
});
