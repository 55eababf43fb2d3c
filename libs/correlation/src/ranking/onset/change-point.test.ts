import { describe, expect, it } from 'vitest';
import { signal } from '../testing/signal.ts';
import { gainAt, partsSince, type Signal, stepZs } from './change-point.ts';

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

  it('takes a fall for harm only where the signal says so', () => {
    const falling = [1, 1, 1, 1, 0, 0, 0, 0];
    expect(zs(signal(falling, { twoSided: true }))[3]).toBeGreaterThan(5);
    expect(zs(signal(falling, { twoSided: false }))[3]).toBe(0);
  });

  it('takes no notice of a step that nobody would call harm, however sure it is', () => {
    const small = [0, 0, 0, 0, 0.09, 0.09, 0.09, 0.09];
    expect(zs(signal(small, { variance: 1e-6 }))[3]).toBe(0);
    expect(zs(signal(small, { variance: 1e-6, minStep: 0.08 }))[3]).toBeGreaterThan(1);
  });

  it('says nothing where one side holds no observations', () => {
    const counts = Float64Array.of(0, 0, 0, 20, 20, 20);
    expect([...zs(signal([0, 0, 0, 1, 1, 1], { counts }))].slice(0, 3)).toEqual([0, 0, 0]);
  });

  it('counts variation from slice to slice as noise', () => {
    const steady = signal([0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8], { variance: 0.01 });
    const restless = signal([0, 0.4, 0, 0.4, 0.6, 1, 0.6, 1], { variance: 0.01 });
    expect(zs(restless)[3]).toBeGreaterThan(0);
    expect(zs(restless)[3]).toBeLessThan((zs(steady)[3] ?? 0) / 1.5);
  });

  it('learns nothing more from thousands of calls in one slice', () => {
    const many = (calls: number) => share([0, 0, 0, 0, calls / 4, calls / 4, calls / 4, calls / 4], calls);
    expect(zs(many(4_000))[3]).toBe(zs(many(400))[3]);
    expect(zs(many(4))[3]).toBeLessThan(zs(many(40))[3] ?? 0);
  });

  it('is less sure of a signal that drifts on any day', () => {
    const step = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5];
    expect(zs(signal(step, { drift: 0.3 }))[3]).toBeLessThan(zs(signal(step, { drift: 0.05 }))[3] ?? 0);
  });

  it('looks no further than the end that it is told', () => {
    const [still, late] = [
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 1, 1],
    ];
    expect([...stepZs(signal(late ?? []), [1, 2, 3], 4)]).toEqual([...stepZs(signal(still ?? []), [1, 2, 3], 4)]);
  });
});

describe('gainAt', () => {
  it('grows more slowly than the normal would have it: the noise was told by some twenty slices', () => {
    expect(gainAt(Float64Array.of(1), 0)).toBeCloseTo(0.49, 2);
    expect(gainAt(Float64Array.of(6), 0)).toBeLessThan(18 * 0.6);
  });
});

describe('partsSince', () => {
  const at = 4;
  const parts = (...signals: Signal[]) => partsSince(signals, at);

  it('reads from the first slice and from the one before how much of the harm they show', () => {
    const half = parts(signal([0, 0, 0, 0, 0.5, 1, 1, 1]));
    expect(half.first).toBeCloseTo(0.5, 1);
    expect(half.before).toBeCloseTo(0, 1);
    expect(parts(signal([0, 0, 0, 0.5, 1, 1, 1, 1])).before).toBeCloseTo(0.5, 1);
  });

  it('keeps to the bound of the slice where there is little information', () => {
    expect(parts()).toEqual({ first: 1, before: 0 });
    const empty = signal([0, 0, 0, 0, 0, 1, 1, 1], { counts: Float64Array.of(20, 20, 20, 0, 0, 20, 20, 20) });
    expect(parts(empty)).toEqual({ first: 1, before: 0 });
    const vague = signal([0, 0, 0, 0, 0.5, 1, 1, 1], { variance: 100 });
    expect(vague && parts(vague).first).toBeGreaterThan(0.9);
  });

  it('listens more to the signal that tells more', () => {
    const clear = signal([0, 0, 0, 0, 0.8, 1, 1, 1], { variance: 0.01 });
    const vague = signal([0, 0, 0, 0, 0.2, 1, 1, 1], { variance: 1 });
    expect(parts(clear, vague).first).toBeCloseTo(0.8, 1);
  });

  it('stays between none and all of it where a slice overshoots', () => {
    expect(parts(signal([0, 0, 0, -3, 9, 1, 1, 1], { variance: 0.01 }))).toEqual({
      first: 1,
      before: expect.closeTo(0, 2),
    });
  });
});
