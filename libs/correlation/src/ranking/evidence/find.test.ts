import { describe, expect, it } from 'vitest';
import { compareAtOnset } from '../compare/compare.ts';
import { knownOnset } from '../onset/find-onset.ts';
import { compareRows, finding } from '../testing/evidence.ts';
import { deploy, edge, incident, onsetMs, operation, type Rows } from '../testing/fixture.ts';
import { busy } from '../testing/suspect.ts';
import { findCounterEvidence, findEvidence, sharedCauses } from './find.ts';

const slowApi: Rows = {
  operations: [
    ...operation({ service: 'web', total: [40, 340], self: [5, 5] }),
    ...operation({ service: 'api', self: [10, 310] }),
  ],
  edges: edge({ from: 'web', to: 'api', total: [10, 310] }),
};

describe('findEvidence', () => {
  it('keeps triggers apart from damage', () => {
    const changes = [deploy('api', onsetMs - 20_000)];
    const { findings, triggers } = findEvidence(compareRows(slowApi, { changes }));
    expect(findings.map(({ service, isAgainst }) => `${service} ${isAgainst}`)).toContain('api false');
    expect(findings.some(({ traits }) => traits.trigger)).toBe(false);
    expect(triggers).toMatchObject([{ service: 'api', weightName: 'change' }]);
  });

  it('lists what speaks against a service after all that speaks for services', () => {
    const sides = findEvidence(compareRows(slowApi)).findings.map(({ isAgainst }) => isAgainst);
    expect(sides.lastIndexOf(false)).toBeLessThan(sides.includes(true) ? sides.indexOf(true) : sides.length);
  });
});

describe('findCounterEvidence', () => {
  it('is only looked for once evidence is in, and for services that something speaks for', () => {
    const before = compareAtOnset(incident('web', null), knownOnset(onsetMs));
    expect(findCounterEvidence(before, [busy])).toEqual([]);
    expect(findCounterEvidence(compareRows({}), [])).toEqual([]);
  });

  it('takes the strongest support of each service as its lead', () => {
    const weak = { ...busy, strength: 0.1 };
    const calm = { operations: operation({ service: 'api', self: [5, 5] }), edges: edge({ from: 'web', to: 'api' }) };
    const found = findCounterEvidence(compareRows(calm), [weak, busy]);
    expect(found.every(({ service, isAgainst }) => service === 'api' && isAgainst)).toBe(true);
    expect(found.length).toBeGreaterThan(0);
  });
});

it('a finding is a shared cause only if its kind says whom it explains', () => {
  expect(sharedCauses(compareRows({}), [busy])).toEqual([]);
  const domain = finding({ kind: 'failure-domain', service: 'node-1' });
  expect(sharedCauses(compareRows({}), [domain])).toMatchObject([{ service: 'node-1', kind: 'failure-domain' }]);
});
