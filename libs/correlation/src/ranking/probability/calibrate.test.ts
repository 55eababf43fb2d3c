import { describe, expect, it } from 'vitest';
import { withProbabilities } from './calibrate.ts';

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

  it('leaves the rest of the certainty to the others in the same proportion', () => {
    const scored = { candidates: [candidate('a', 3), candidate('b', 1), candidate('c', 0)], nothing: 0 };
    const [raised, second = raised, third = raised] = withProbabilities(scored, { slope: 1, offset: -1 });
    expect(raised?.probability).toBeLessThan(withProbabilities(scored, plain)[0]?.probability ?? 0);
    expect((second?.probability ?? 0) / (third?.probability ?? 1)).toBeCloseTo(Math.E, 2);
  });

  it('never says more than all there is', () => {
    const scored = { candidates: [candidate('a', 30), candidate('b', 29)], nothing: -30 };
    const sum = withProbabilities(scored, { slope: 3, offset: 2 }).reduce((all, one) => all + one.probability, 0);
    expect(sum).toBeLessThanOrEqual(1);
    expect(withProbabilities({ candidates: [candidate('a', 500)], nothing: 0 }, plain)[0]?.probability).toBeLessThan(1);
  });

  it('is surer where the calibration is steeper', () => {
    const chance = (slope: number) =>
      withProbabilities({ candidates: [candidate('a', 3)], nothing: 1 }, { slope, offset: 0 })[0]?.probability ?? 0;
    expect(chance(2)).toBeGreaterThan(chance(1));
  });

  it('lists nobody where there are no candidates', () => {
    expect(withProbabilities({ candidates: [], nothing: 1 }, plain)).toEqual([]);
  });
});
