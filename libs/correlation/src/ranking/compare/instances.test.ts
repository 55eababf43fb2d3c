import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { type OperationSpec, operation } from '../testing/fixture.ts';
import { instanceHealth } from './instances.ts';

type Spec = Omit<OperationSpec, 'service'> & { readonly instance: string };

const rowsOf = ({ instance, ...spec }: Spec) =>
  operation({ service: 'api', ...spec }).map((row) => ({ ...row, instance }));

function health(...specs: readonly Spec[]) {
  const { groups, windows } = compareRows({ operations: specs.flatMap(rowsOf) });
  return instanceHealth(groups, windows);
}
const impactOf = (spec: Omit<Spec, 'instance'>) => health({ instance: 'a', ...spec })[0]?.impact ?? Number.NaN;

describe('the impact on an instance', () => {
  it('is none where it works as before, or faster', () => {
    expect([impactOf({ self: [5, 5] }), impactOf({ self: [50, 5] })]).toEqual([0, 0]);
  });

  it('grows with its own time', () => {
    expect(impactOf({ self: [10, 15] })).toBeGreaterThan(0.2);
    expect(impactOf({ self: [10, 200] })).toBeGreaterThan(impactOf({ self: [10, 15] }));
  });

  it('is none where only its callees became slow', () => {
    expect(impactOf({ self: [5, 5], total: [10, 900] })).toBe(0);
  });

  it('counts errors that are its own, and not those that it passes on', () => {
    expect(impactOf({ self: [5, 5], errors: [0, 50] })).toBe(0);
    expect(impactOf({ self: [5, 5], errors: [0, 50], ownErrors: [0, 50] })).toBeGreaterThan(0.8);
  });

  it('is that of its worst operation', () => {
    const slow = { instance: 'a', operation: 'slow', self: [10, 300] as const };
    const calm = { instance: 'a', operation: 'calm', self: [10, 10] as const };
    const found = health(slow, calm);
    expect(found).toHaveLength(1);
    expect(found[0]?.impact).toBe(health(slow)[0]?.impact);
  });
});

describe('an instance', () => {
  it('is judged by itself, not with its siblings', () => {
    const found = health({ instance: 'a', self: [10, 300] }, { instance: 'b', self: [10, 10] });
    expect(found.map(({ instance, impact }) => [instance, impact > 0.5])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('without a past is compared with that of its service', () => {
    const old = { instance: 'old', self: [10, 10] as const };
    const fresh = { instance: 'fresh', self: [10, 300] as const, calls: [0, 100] as const };
    expect(health(old, fresh).find(({ instance }) => instance === 'fresh')?.impact).toBeGreaterThan(0.5);
    expect(health(fresh)).toEqual([]);
  });

  it('counts only while it serves, and under its name', () => {
    expect(health({ instance: 'gone', self: [10, 10], calls: [500, 0] })).toEqual([]);
    expect(health({ instance: '', self: [10, 300] })).toEqual([]);
  });

  it('is not judged by calls that it sends', () => {
    const operations = rowsOf({ instance: 'a', self: [10, 300] }).map((row) => ({ ...row, kind: 'client' as const }));
    const { groups, windows } = compareRows({ operations });
    expect(instanceHealth(groups, windows)).toEqual([]);
  });
});
