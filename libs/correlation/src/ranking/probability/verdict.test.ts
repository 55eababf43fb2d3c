import { describe, expect, it } from 'vitest';
import { isIdentified } from './verdict.ts';

const candidate = { service: 'a', logOdds: 3, instance: '', kind: 'latency' as const, findings: [], probability: 0.9 };

describe('isIdentified', () => {
  it.each([
    ['likely, and more so than chance', 0.9, 2, true],
    ['just likely enough', 0.6, 2, true],
    ['likelier than chance, but wrong too often', 0.5, 2, false],
    ['likely among the candidates, but chance is likelier', 0.9, 4, false],
    ['no likelier than chance', 0.9, 3, false],
  ])('a cause that is %s', (_what, probability, nothing, expected) => {
    expect(isIdentified({ candidates: [candidate], nothing }, { ...candidate, probability })).toBe(expected);
  });

  it('names nobody where there is no candidate', () => {
    expect(isIdentified({ candidates: [], nothing: 2 }, undefined)).toBe(false);
  });
});
