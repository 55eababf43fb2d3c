import type { Histogram } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import type { Window } from '../../input/window.ts';
import { around } from '../../testing/fixture.ts';
import { addedTime, minZ, type TimedCalls } from './added-time.ts';

interface Case {
  readonly before?: Histogram;
  readonly during?: Histogram;
  readonly slices?: readonly Histogram[];
  readonly windows?: readonly Window[];
  readonly atAlert?: readonly boolean[];
  readonly instances?: TimedCalls['instances'];
}

const stats = (inner: Histogram) => ({ calls: 0, settledCalls: 0, errors: 0, ownErrors: 0, duration: [], inner });

/** The time that an operation of `api` added, from 10 ms to 20 ms unless the case says otherwise. */
function added({ before = around(10, 500), during = around(20, 100), instances = [], ...given }: Case = {}) {
  const { slices = [before, during], windows = ['baseline', 'incident'], atAlert = [false, true] } = given;
  return addedTime({
    service: 'api',
    operation: 'serve',
    edge: null,
    compared: { before: stats(before), during: stats(during) },
    pick: ({ inner }) => inner,
    slices: () => slices.map((histogram, slice) => ({ slice, histogram })),
    windows,
    atAlert,
    instances,
  });
}

describe('added time', () => {
  it('is the growth of the mean, over all calls of the incident', () => {
    const { addedUs, expectedUs, calls, beforeUs, duringUs } = added();
    expect(calls).toBe(100);
    expect(addedUs).toBeCloseTo((duringUs - beforeUs) * 100);
    expect(expectedUs).toBeCloseTo(beforeUs * 100);
    expect(addedUs / expectedUs).toBeCloseTo(1, 1);
  });

  it('is negative where calls became faster', () => {
    expect(added({ during: around(5, 100) }).addedUs).toBeLessThan(0);
  });

  it('is none without calls before, since nobody knows what they would have taken', () => {
    expect(added({ before: [] })).toMatchObject({ addedUs: 0, calls: 0, z: 0 });
  });
});

describe('its z', () => {
  it('sees a shift of all calls, and one of a tenth of them', () => {
    expect(added().z).toBeGreaterThan(10);
    expect(added({ during: [...around(10, 90), ...around(900, 10)] }).z).toBeGreaterThan(minZ);
  });

  it('sees that a few calls take far longer', () => {
    expect(added({ before: around(5, 6), during: around(2000, 6) }).z).toBeGreaterThan(minZ);
  });

  it('is small where the time varied as much from slice to slice before', () => {
    const restless = [10, 20, 10, 20, 10, 20, 10, 20].map((ms) => around(ms, 62));
    const before = around(10, 248).concat(around(20, 248));
    const windows: Window[] = [...restless.map((): Window => 'baseline'), 'incident'];
    const steady = added({ before, during: around(20, 100), windows, slices: windows.map(() => around(10, 62)) });
    const moved = added({ before, during: around(20, 100), windows, slices: [...restless, around(20, 100)] });
    expect(steady.z).toBeGreaterThan(minZ);
    expect(moved.z).toBeLessThan(0.5 * steady.z);
  });
});

describe('how much of it lasts', () => {
  const windows: Window[] = ['baseline', 'incident', 'incident'];
  const lasting = (lateMs: number) =>
    added({
      during: [...around(20, 50), ...around(lateMs, 50)].sort(([a], [b]) => a - b),
      slices: [around(10, 500), around(900, 50), around(lateMs, 50)],
      windows,
      atAlert: [false, false, true],
    }).lasting;

  it('is all of it where it was there when the alert fired, and next to none where it was over', () => {
    expect(lasting(900)).toBe(1);
    expect(lasting(10)).toBeLessThan(0.1);
  });

  it('is not asked for what is no shift', () => {
    const slices = [around(10, 500), around(900, 50), around(10, 50)];
    expect(added({ during: around(10, 100), slices, windows, atAlert: [false, false, true] }).lasting).toBe(1);
  });
});

describe('its instance', () => {
  const share = (instance: string, ms: number, calls = 10) => ({
    instance,
    calls,
    innerUs: ms * 1000 * calls,
    ownErrors: 0,
  });

  it('is the one that adds nearly all', () => {
    expect(added({ instances: [share('a', 200), share('b', 11)] }).instance).toBe('a');
  });

  it('is none where two share the time', () => {
    expect(added({ instances: [share('a', 200), share('b', 200)] }).instance).toBe('');
  });

  it('is not hidden by another that became faster', () => {
    expect(added({ instances: [share('a', 60), share('b', 1, 100)] }).instance).toBe('a');
  });
});
