import { describe, expect, it } from 'vitest';
import { certainty, familyWiseZ, shareEffect, significance, twoProportionZ } from './proportions.ts';

describe('twoProportionZ', () => {
  it('is zero without any call, instead of a division by zero', () => {
    expect(twoProportionZ({ hits: 0, n: 0, baseHits: 0, baseN: 0 })).toBe(0);
  });

  it('adds a success and a failure, so that three of three are not certain', () => {
    const z = twoProportionZ({ hits: 3, n: 3, baseHits: 0, baseN: 4 });
    expect(z).toBeCloseTo((4 / 5 - 1 / 6) / Math.sqrt((4 / 5) * (1 / 25) + (1 / 6) * (5 / 36)));
  });

  it('is negative for a share that fell', () => {
    expect(twoProportionZ({ hits: 10, n: 100, baseHits: 60, baseN: 100 })).toBeLessThan(-7);
  });
});

describe('shareEffect', () => {
  const per = 1_000_000;
  const effect = (now: number, before: number) =>
    shareEffect({ hits: now * per, n: per, baseHits: before * per, baseN: per });

  it('is the h of Cohen', () => {
    expect(effect(0.5, 0.25)).toBeCloseTo(Math.PI / 2 - Math.PI / 3, 3);
  });

  it.each([
    ['all after none', 1, 0, 1],
    ['none after all', 0, 1, -1],
    ['no difference', 0.3, 0.3, 0],
  ])('spans -pi to pi: %s', (_, now, before, turns) => {
    expect(effect(now, before)).toBeCloseTo(turns * Math.PI, 2);
  });
});

describe('significance', () => {
  it('counts nothing below two, and half at the half', () => {
    expect([significance(1.99), significance(4), significance(6, 6)]).toEqual([0, 0.5, 0.5]);
  });

  it('never counts fully, and never counts what shifted the other way', () => {
    expect(significance(100)).toBeLessThan(1);
    expect(significance(-100)).toBe(0);
  });
});

describe('familyWiseZ', () => {
  it('leaves a single test as it is', () => {
    expect(familyWiseZ(3, 1)).toBe(3);
    expect(familyWiseZ(3, 0)).toBe(3);
  });

  it('takes off what the best of so many tests has by chance', () => {
    expect(familyWiseZ(Math.sqrt(2 * Math.log(1000)), 1000)).toBeCloseTo(0);
    expect(familyWiseZ(5, 1000)).toBeCloseTo(Math.sqrt(25 - 2 * Math.log(1000)));
  });

  it('keeps the direction', () => {
    expect(familyWiseZ(-5, 1000)).toBe(-familyWiseZ(5, 1000));
  });
});

describe('certainty', () => {
  it('is the significance where one thing was tested', () => {
    expect(certainty(4, 1)).toBeCloseTo(significance(4));
  });

  it('leaves a quarter of the significance to what chance makes among so many', () => {
    expect(certainty(3, 1_000_000)).toBeCloseTo(0.25 * significance(3));
  });

  it('does not count a shift the other way', () => {
    expect(certainty(-9, 1)).toBe(0);
  });
});
