import { describe, expect, it } from 'vitest';
import { compareRows, findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation, type Rows, underLoad, withRates } from '../testing/fixture.ts';
import { traffic } from './traffic.ts';

describe('traffic', () => {
  const rows = (during: number): Rows => ({ operations: withRates('web', [100, during]) });
  const suspects = (given: Rows) => suspectsOf(traffic, given, underLoad(given));

  it('names the entry that gets more than twice the requests', () => {
    expect(suspects(rows(900))).toEqual(['web traffic']);
    expect(suspects(rows(150))).toEqual([]);
  });

  it('needs a short slice in the baseline to compare with', () => {
    expect(suspectsOf(traffic, { operations: operation({ service: 'web', self: [5, 5], calls: [500, 900] }) })).toEqual(
      [],
    );
  });

  it('does not name a service that somebody calls', () => {
    const called = { ...rows(900), edges: edge({ from: 'gateway', to: 'web' }) };
    expect(suspects(called)).toEqual([]);
  });

  it('grows with the surge', () => {
    const strength = (given: Rows) => findingsOf(traffic, given, underLoad(given))[0]?.strength ?? 0;
    expect(strength(rows(1200))).toBeGreaterThan(strength(rows(600)));
  });

  it('explains what gets more requests, and all that a breaking surge can reach', () => {
    const reached = (during: number): string[] => {
      const given: Rows = {
        operations: [...withRates('web', [100, during]), ...withRates('api', [100, 110])],
        edges: edge({ from: 'web', to: 'api' }),
      };
      return traffic.explains?.(compareRows(given, underLoad(given)), 'web') ?? [];
    };
    expect(reached(900)).toEqual(['api']);
    expect(reached(250)).toEqual([]);
  });

  it('is refuted by callees that are called as before', () => {
    const edges = edge({ from: 'api', to: 'db' });
    const outcome = (given: Rows) => refutationOf(traffic, given, { more: underLoad(given) });
    expect(outcome({ operations: withRates('db', [100, 300]), edges })).toBe('survived: db gets 3 times the requests');
    expect(outcome({ operations: withRates('db', [100, 100]), edges })).toMatch(/^refuted/);
    expect(outcome({ edges })).toMatch(/^not-run/);
  });
});
