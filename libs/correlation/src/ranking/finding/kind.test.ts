import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { suspectOf } from '../testing/suspect.ts';
import type { Detection } from './finding.ts';
import { counterEvidenceKind, evidenceKind } from './kind.ts';
import { referenceToOperations } from './reference.ts';
import { survived } from './refutation.ts';
import { logOdds } from './weight.ts';

type Found = Detection<'slow', number>;

const bare: Found = { weightName: 'slow', service: 'api', faultType: null, strength: 0.5, facts: 7 };
const declared = {
  name: 'example',
  signal: 'spans',
  weights: { slow: logOdds(1, 'an example') },
  traits: { addedTime: true },
  describe: ({ facts }: Found) => ({ summary: `${facts} times`, before: '1', during: `${facts}` }),
  reference: ({ service }: Found) => referenceToOperations(service),
} as const;

const findingOf = (found: Found) => {
  const kind = evidenceKind({ ...declared, detect: () => [found], refute: () => survived('?', '!') });
  return kind.find(compareRows({}))[0];
};

describe('a finding', () => {
  it('carries the name and the traits of its kind, and the words for its facts', () => {
    expect(findingOf(bare)).toMatchObject({
      kind: 'example',
      traits: { addedTime: true },
      isAgainst: false,
      summary: '7 times',
      during: '7',
      reference: { view: 'operations', service: 'api' },
    });
  });

  it('is about the service itself where the detector says nothing else, and only it can be to blame', () => {
    expect(findingOf(bare)).toMatchObject({ entity: 'service:api', edge: null, instance: '', explainable: 0 });
  });

  it('about an edge names the edge as its entity', () => {
    const edge = { caller: 'web', callee: 'api' };
    expect(findingOf({ ...bare, edge })).toMatchObject({ entity: 'edge:web -> api', edge });
  });

  it('keeps the entity that the detector names, also with an edge', () => {
    const edge = { caller: 'web', callee: 'api' };
    expect(findingOf({ ...bare, edge, entity: 'change:c1' })?.entity).toBe('change:c1');
  });

  it('keeps no more of an edge than its two ends', () => {
    const edge = { caller: 'web', callee: 'api', rows: ['many'] };
    expect(findingOf({ ...bare, edge })?.edge).toEqual({ caller: 'web', callee: 'api' });
  });

  it('holds no facts, which are for the words only', () => {
    expect(findingOf(bare)).not.toHaveProperty('facts');
  });
});

describe('a kind', () => {
  it('has no function that explains others unless it declares one', () => {
    const plain = { ...declared, detect: () => [], refute: () => survived('?', '!') };
    expect(evidenceKind(plain)).not.toHaveProperty('explains');
    expect(evidenceKind({ ...plain, explains: () => ['web'] }).explains?.(compareRows({}), 'api')).toEqual(['web']);
  });
});

describe('evidence against a cause', () => {
  const against = (found: Found | null) =>
    counterEvidenceKind({ ...declared, detect: () => found }).find(suspectOf({}));

  it('is marked as such', () => {
    expect(against({ ...bare, strength: -0.5 })).toMatchObject([{ isAgainst: true, strength: -0.5 }]);
  });

  it('is nothing where the detector cannot tell', () => {
    expect(against(null)).toEqual([]);
  });
});
