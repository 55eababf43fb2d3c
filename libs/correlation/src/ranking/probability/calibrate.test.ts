import { describe, expect, it } from 'vitest';
import { withProbabilities } from './calibrate.ts';
import { isIdentified } from './verdict.ts';

const candidate = (service: string, logOdds: number) => ({
  service,
  logOdds,
  instance: '',
  kind: 'latency' as const,
  findings: [],
});
const plain = { slope: 1, offset: 0 };

describe('withProbabilities', () => {
  it('is a softmax with "none of these" where nothing is calibrated', () => {
    const [first] = withProbabilities({ candidates: [candidate('a', 2)], nothing: 2 }, plain);
    expect(first?.probability).toBeCloseTo(0.5);
  });

  it('calibrates the first, and never lets another pass it', () => {
    const scored = { candidates: [candidate('a', 3), candidate('b', 2.9)], nothing: 0 };
    const [first, second] = withProbabilities(scored, { slope: 1, offset: -2 });
    expect(first?.probability).toBeLessThan(0.3);
    expect(second?.probability).toBeLessThan(first?.probability ?? 0);
  });

  it('never ties, and lists ten at most', () => {
    const candidates = Array.from({ length: 12 }, (_, i) => candidate(`s${i}`, 1));
    const chances = withProbabilities({ candidates, nothing: 0 }, plain).map(({ probability }) => probability);
    expect(chances).toHaveLength(10);
    expect(new Set(chances).size).toBe(10);
    expect(chances).toEqual(chances.toSorted((a, b) => b - a));
  });
});

describe('isIdentified', () => {
  const first = { ...candidate('a', 3), probability: 0.9 };

  it('needs a likely candidate that beats "none of these"', () => {
    expect(isIdentified({ candidates: [first], nothing: 2 }, first)).toBe(true);
    expect(isIdentified({ candidates: [first], nothing: 4 }, first)).toBe(false);
    expect(isIdentified({ candidates: [first], nothing: 2 }, { ...first, probability: 0.5 })).toBe(false);
    expect(isIdentified({ candidates: [], nothing: 2 }, undefined)).toBe(false);
  });
});
