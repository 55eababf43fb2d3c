import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type OperationSpec, operation } from '../../testing/fixture.ts';
import type { TimedCalls } from './added-time.ts';
import { collect } from './collect.ts';

/** The self times of operations, to be attributed to their services. */
function timed(...specs: readonly OperationSpec[]): TimedCalls[] {
  const { operations, windows, atAlert } = compareRows({ operations: specs.flatMap((spec) => operation(spec)) });
  return operations.map((compared) => ({
    service: compared.service,
    operation: compared.operation,
    edge: null,
    compared,
    pick: ({ inner }) => inner,
    slices: () => compared.rows.map(({ slice, self }) => ({ slice, histogram: self })),
    windows,
    atAlert,
    instances: [],
  }));
}
const slow = { service: 'api', operation: 'slow', self: [10, 100] } as const;
const slower = { service: 'api', operation: 'slower', self: [10, 400] } as const;
/** One call that is slower than any before. It may be chance. */
const unsure = (operation: string) => ({ service: 'api', operation, self: [10, 13], calls: [100, 1] }) as const;

describe('the sum of a service', () => {
  it('adds up its operations, and names the one that adds most', () => {
    const found = collect(timed(slow, slower), {}).get('api');
    const [one, other] = [collect(timed(slow), {}).get('api'), collect(timed(slower), {}).get('api')];
    expect(found?.addedUs).toBeCloseTo((one?.addedUs ?? 0) + (other?.addedUs ?? 0));
    expect(found).toMatchObject({ calls: 200, operation: 'slower' });
  });

  it('leaves out what chance makes', () => {
    const found = collect(timed(slow, unsure('unsure')), {}).get('api');
    expect(found?.calls).toBe(100);
    expect(collect(timed(unsure('unsure')), {}).size).toBe(0);
  });

  it('counts operations that became faster against those that became slower', () => {
    const faster = { service: 'api', operation: 'faster', self: [100, 10] } as const;
    const alone = collect(timed(slow), {}).get('api')?.addedUs ?? 0;
    expect(collect(timed(slow, faster), {}).get('api')?.addedUs).toBeLessThan(0.2 * alone);
  });

  it('tells among how many tests it was found', () => {
    const calm = { service: 'calm', self: [10, 10] } as const;
    expect(collect(timed(slow, slower, calm), {}).get('api')?.tests).toBe(3);
  });
});

describe('a service that is suspected already', () => {
  const doubtful = timed(unsure('serve'), { service: 'calm', self: [10, 10] });

  it('needs less, and competes with suspected services only', () => {
    expect(collect(doubtful, {}).has('api')).toBe(false);
    expect(collect(doubtful, { suspected: new Set(['api']) }).get('api')).toMatchObject({ tests: 1 });
  });
});

describe('pooled calls', () => {
  const three = timed(unsure('a'), unsure('b'), unsure('c'));

  it('of several callers prove together what none proves alone', () => {
    expect(collect(three, {}).size).toBe(0);
    expect(collect(three, { pooled: true }).get('api')).toMatchObject({ calls: 3 });
  });

  it('are still chance where they do not agree', () => {
    const calm = ['d', 'e'].map((name) => ({ service: 'api', operation: name, self: [10, 10] }) as const);
    expect(collect(timed(unsure('a'), ...calm), { pooled: true }).size).toBe(0);
  });
});
