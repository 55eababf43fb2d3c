import { describe, expect, it } from 'vitest';
import { finding } from '../testing/evidence.ts';
import { addUp } from './add-up.ts';

describe('addUp', () => {
  it('counts a further finding of the same kind for a part', () => {
    const [candidate] = addUp(
      [finding({ weight: 2 }), finding({ weight: 4 }), finding({ kind: 'traffic', weight: 1 })],
      0.5,
    );
    expect(candidate?.logOdds).toBe(4 + 0.5 * 2 + 1);
  });

  it('lists the best first, and equal ones by name', () => {
    const names = addUp(
      [finding({ service: 'b' }), finding({ service: 'a' }), finding({ service: 'c', weight: 9 })],
      0,
    );
    expect(names.map(({ service }) => service)).toEqual(['c', 'a', 'b']);
  });

  it('lists the findings of a candidate by weight', () => {
    const [candidate] = addUp(
      [finding({ weight: -1, isAgainst: true }), finding({ weight: 1 }), finding({ weight: 3 })],
      0,
    );
    expect(candidate?.findings.map(({ weight }) => weight)).toEqual([3, 1, -1]);
  });
});
