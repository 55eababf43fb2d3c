import { describe, expect, it } from 'vitest';
import { alertTimes, logPrior } from './prior.ts';

const second = 1000;

describe('the time before the first alert', () => {
  it('is most likely two minutes', () => {
    const at = (leadS: number): number => logPrior(1000 * second - leadS * second, [1000 * second]);
    expect(at(120)).toBeGreaterThan(at(60));
    expect(at(120)).toBeGreaterThan(at(240));
    expect(at(600)).toBeGreaterThan(at(1200));
  });

  it('may be that of a later alert, at a price', () => {
    const alone = logPrior(880 * second, [1000 * second]);
    const strays = [400 * second, 410 * second, 1000 * second];
    expect(logPrior(880 * second, strays)).toBeCloseTo(alone + 2 * Math.log(0.25));
    expect(logPrior(880 * second, [400 * second])).toBeLessThan(-100);
  });
});

it('alerts count once for each time, from the start of the incident on', () => {
  expect(alertTimes([{ startsAtMs: 9 }, { startsAtMs: 5 }, { startsAtMs: 9 }, { startsAtMs: 1 }], 5)).toEqual([5, 9]);
  expect(alertTimes([], 5)).toEqual([5]);
});
