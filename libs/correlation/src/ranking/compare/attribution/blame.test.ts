import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type EdgeSpec, edge } from '../../testing/fixture.ts';
import type { EdgeComparison } from '../calls.ts';
import { addedTime } from './added-time.ts';
import { blamedEnd } from './blame.ts';

const late = { gap: [1, 50] } as const;

/** Which end of the first edge is to blame, given the others. */
function blame(...specs: readonly EdgeSpec[]): string {
  const { edges, windows, atAlert } = compareRows({ edges: specs.flatMap((spec) => edge(spec)) });
  const timed = (compared: EdgeComparison) =>
    addedTime({
      service: compared.callee,
      operation: '',
      edge: compared,
      compared,
      pick: ({ inner }) => inner,
      slices: () => compared.rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
      windows,
      atAlert,
      instances: [],
    });
  const added = new Map(edges.map((one) => [one, timed(one)]));
  const first = edges.find(({ caller, callee }) => caller === specs[0]?.from && callee === specs[0]?.to);
  return first === undefined ? '' : blamedEnd(first, edges, added);
}

describe('the end of a slow edge that is to blame', () => {
  it('is the callee where the edge stands alone', () => {
    expect(blame({ from: 'web', to: 'api', ...late })).toBe('api');
  });

  it('is the caller where all of its calls are late, and others reach the callee in time', () => {
    expect(
      blame({ from: 'web', to: 'api', ...late }, { from: 'web', to: 'db', ...late }, { from: 'shop', to: 'api' }),
    ).toBe('web');
  });

  it('is the callee where its other callers wait as well', () => {
    expect(
      blame({ from: 'web', to: 'api', ...late }, { from: 'web', to: 'db' }, { from: 'shop', to: 'api', ...late }),
    ).toBe('api');
  });

  it('is the callee where the other calls of the caller are in time', () => {
    expect(blame({ from: 'web', to: 'api', ...late }, { from: 'web', to: 'db' }, { from: 'shop', to: 'api' })).toBe(
      'api',
    );
  });

  it('is not decided by edges of the caller that gained far less each call', () => {
    const little = { gap: [1, 5] } as const;
    expect(
      blame({ from: 'web', to: 'api', ...late }, { from: 'web', to: 'db', ...little }, { from: 'shop', to: 'api' }),
    ).toBe('api');
  });

  it('weighs the other edges by their calls', () => {
    const rare = { calls: [50, 10] } as const;
    const others = (moved: Partial<EdgeSpec>, calm: Partial<EdgeSpec>): EdgeSpec[] => [
      { from: 'web', to: 'db', ...late, ...moved },
      { from: 'web', to: 'cache', ...calm },
      { from: 'shop', to: 'api' },
    ];
    expect(blame({ from: 'web', to: 'api', ...late }, ...others({}, rare))).toBe('web');
    expect(blame({ from: 'web', to: 'api', ...late }, ...others(rare, {}))).toBe('api');
  });
});
