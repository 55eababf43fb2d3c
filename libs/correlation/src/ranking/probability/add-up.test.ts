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

  it('counts a third finding of a kind for a part of a part', () => {
    const [candidate] = addUp([finding({ weight: 4 }), finding({ weight: 4 }), finding({ weight: 4 })], 0.5);
    expect(candidate?.logOdds).toBe(4 + 2 + 1);
  });

  it('subtracts evidence against', () => {
    const against = finding({ kind: 'not-upstream', isAgainst: true, weight: -1.5 });
    expect(addUp([finding({ weight: 4 }), against], 0.5)[0]?.logOdds).toBe(2.5);
  });

  it('gives the same sums for findings in another order', () => {
    const findings = [0.1, 0.2, 0.7].map((weight, i) => finding({ weight, entity: `pod:${i}` }));
    expect(addUp(findings.toReversed(), 0.3)).toEqual(addUp(findings, 0.3));
  });

  it('names the mechanism by the strongest finding of each service', () => {
    const kinds = addUp(
      [
        finding({ service: 'a', faultType: 'dns', weight: 1 }),
        finding({ service: 'a', faultType: 'cpu', weight: 3, instance: 'a-1' }),
        finding({ service: 'b', faultType: 'dns', weight: 2 }),
      ],
      0.5,
    );
    expect(kinds.map(({ service, kind, instance }) => [service, kind, instance])).toEqual([
      ['a', 'cpu', 'a-1'],
      ['b', 'dns', ''],
    ]);
  });
});
