import { emptyEvidenceResult, type Histogram } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { groupRows } from '../rows/groups.ts';
import { around, edge, operation, type Rows, slices } from '../testing/fixture.ts';
import type { Signal } from './change-point.ts';
import { total } from './sums.ts';
import { timeSignals } from './time-signals.ts';

const signalsOf = (rows: Rows): Signal[] =>
  timeSignals(groupRows({ ...emptyEvidenceResult, slices, ...rows }), slices.length);
/** The signals of rank scores have a variance of 1, those of the far tail less. */
const levelsOf = (rows: Rows): Signal[] => signalsOf(rows).filter(({ variance }) => variance === 1);
const tailsOf = (rows: Rows): Signal[] => signalsOf(rows).filter(({ variance }) => variance < 1);
const meansOf = ({ sums, counts }: Signal): number[] => [...sums].map((sum, slice) => sum / (counts[slice] ?? 0));

describe('rank scores', () => {
  const [self] = levelsOf({ operations: operation({ service: 'api', self: [10, 60] }) });

  it('have a mean of 1 over all calls, and are larger where calls are slower', () => {
    expect(self && total(self.sums) / total(self.counts)).toBeCloseTo(1, 1);
    const [before = 0, during = 0] = self === undefined ? [] : meansOf(self);
    expect(during).toBeGreaterThan(before + 1);
  });

  it('depend on the order of the durations alone, so a stuck call is just the slowest', () => {
    const [stuck] = levelsOf({ operations: operation({ service: 'api', self: [10, 600_000] }) });
    expect([...(stuck?.sums ?? [])]).toEqual([...(self?.sums ?? [])]);
  });

  it('do not move when calls of a slow operation become more frequent', () => {
    const [mixed] = levelsOf({
      operations: [
        ...operation({ service: 'api', operation: 'read', self: [1, 1], calls: [500, 100] }),
        ...operation({ service: 'api', operation: 'report', self: [1000, 1000], calls: [20, 400] }),
      ],
    });
    const [before = 0, during = 0] = mixed === undefined ? [] : meansOf(mixed);
    expect(Math.abs(during - before)).toBeLessThan(0.05);
  });

  it('tell a service by its self time and by its whole time', () => {
    const levels = levelsOf({ operations: operation({ service: 'api', self: [10, 10], total: [20, 90] }) });
    expect(levels.map(({ service }) => service)).toEqual(['api', 'api']);
    const risen = levels.map((level) => (meansOf(level)[1] ?? 0) - (meansOf(level)[0] ?? 0) > 1);
    expect(risen).toEqual([false, true]);
  });

  it('leave out calls that a service sends', () => {
    const sent = operation({ service: 'api', self: [10, 60] }).map((row) => ({ ...row, kind: 'client' as const }));
    expect(signalsOf({ operations: sent })).toEqual([]);
  });

  it('show a dependency without spans by the time its callers wait, and one with spans by the time in between', () => {
    const edges = edge({ from: 'web', to: 'db', total: [10, 90], gap: [1, 1] });
    const stepOf = (rows: Rows): number => {
      const last = levelsOf(rows).at(-1);
      return last === undefined ? Number.NaN : (meansOf(last)[1] ?? 0) - (meansOf(last)[0] ?? 0);
    };
    expect(levelsOf({ edges }).map(({ service }) => service)).toEqual(['db']);
    expect(stepOf({ edges })).toBeGreaterThan(1);
    expect(stepOf({ edges, operations: operation({ service: 'db', self: [5, 5] }) })).toBeCloseTo(0);
  });
});

describe('the far tail', () => {
  /** Calls of 10 ms, and some of 900 ms among those of the incident. */
  const late = (count: number, baseline = 500): Rows => ({
    operations: operation({ service: 'api', self: [10, 10], calls: [baseline, 100] }).map((row) => {
      const slow: Histogram = row.slice === 1 ? around(900, count) : [];
      return { ...row, duration: [...around(10, row.calls - (row.slice === 1 ? count : 0)), ...slow] };
    }),
  });

  it('counts the calls that take longer than nearly all of the baseline', () => {
    const [tail] = tailsOf(late(8));
    expect(tail && [...tail.sums]).toEqual([0, 8]);
    expect(tail && [...tail.counts]).toEqual([500, 100]);
    expect(tail?.twoSided).toBe(false);
  });

  it('needs a few of them, and a baseline with enough calls to have a tail', () => {
    expect(tailsOf(late(2))).toEqual([]);
    expect(tailsOf(late(8, 12))).toEqual([]);
  });
});
