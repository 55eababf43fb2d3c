import { describe, expect, it } from 'vitest';
import { candidate as likely } from '../testing/candidate.ts';
import { isIdentified } from './verdict.ts';

const candidate = { ...likely('a'), logOdds: 3 };

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

  it.each(['report', 'trigger'])('a %s alone is no finding', (trait) => {
    const findings = candidate.findings.map((one) => ({ ...one, traits: { [trait]: true } }));
    expect(isIdentified({ candidates: [candidate], nothing: 2 }, { ...candidate, findings })).toBe(false);
  });

  it('what nothing connects with the alerts is the cause of other alerts', () => {
    const against = candidate.findings.map((one) => ({
      ...one,
      isAgainst: true,
      traits: { unconnected: true } as const,
    }));
    const findings = [...candidate.findings, ...against];
    expect(isIdentified({ candidates: [candidate], nothing: 2 }, { ...candidate, findings })).toBe(false);
  });

  it('names nobody where there is no candidate', () => {
    expect(isIdentified({ candidates: [], nothing: 2 }, undefined)).toBe(false);
  });
});
