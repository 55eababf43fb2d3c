import { describe, expect, it } from 'vitest';
import { gainAt, type Signal, stepZs } from './change-point.ts';

/** A share by slice: hits of so many calls each. */
function share(hits: readonly number[], of: number): Signal {
  const counts = Float64Array.from(hits, () => of);
  return { service: 's', sums: Float64Array.from(hits), counts, variance: 0.25, minStep: 0.1, twoSided: true };
}

const bounds = (signal: Signal) => Array.from({ length: signal.sums.length - 1 }, (_, i) => i + 1);
const zs = (signal: Signal) => stepZs(signal, bounds(signal), signal.sums.length);
const bestBound = (signal: Signal) => {
  const all = zs(signal);
  return 1 + all.indexOf(Math.max(...all));
};

describe('stepZs', () => {
  it('finds the slice from which on a share is another one', () => {
    expect(bestBound(share([0, 0, 0, 0, 0, 10, 10, 10, 10], 10))).toBe(5);
  });

  it('takes no return to an earlier state for a step, however clear it is', () => {
    const back = share([0, 0, 10, 10, 0, 0, 0, 0, 0, 0, 0], 10);
    expect(zs(back)[3]).toBe(0);
    const anew = share([10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 0], 10);
    expect(zs(anew)[3]).toBeGreaterThan(5);
  });

  it('holds a state that was seen now and then against the step, in part', () => {
    const sometimes = share([0, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0], 10);
    const never = share([10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0], 10);
    const at = 5;
    expect(zs(sometimes)[at]).toBeGreaterThan(0);
    expect(zs(sometimes)[at]).toBeLessThan(zs(never)[at] ?? 0);
  });
});

describe('gainAt', () => {
  it('grows more slowly than the normal would have it: the noise was told by some twenty slices', () => {
    expect(gainAt(Float64Array.of(1), 0)).toBeCloseTo(0.49, 2);
    expect(gainAt(Float64Array.of(6), 0)).toBeLessThan(18 * 0.6);
  });
});
