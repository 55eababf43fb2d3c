import type { Change, OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf } from '../testing/evidence.ts';
import { deploy, onsetMs, operation } from '../testing/fixture.ts';
import { changes } from './changes.ts';

const change = deploy('api', onsetMs - 20_000);
const versions = (old: number, fresh: number): OperationRow[] =>
  (['1.0', '2.0'] as const).flatMap((version) =>
    operation({ service: 'api', self: [10, version === '1.0' ? old : fresh] })
      .filter(({ slice }) => version === '1.0' || slice === 1)
      .map((row) => ({ ...row, version, instance: `api-${version}` })),
  );

describe('changes', () => {
  const strength = (one: Change, operations: OperationRow[] = []) =>
    findingsOf(changes, { operations }, { changes: [one] })[0]?.strength ?? 0;

  it('count less with age, and not at all after the onset', () => {
    expect(strength(change)).toBeGreaterThan(0.9);
    expect(strength(deploy('api', onsetMs - 600_000))).toBeCloseTo(0.5);
    expect(strength(deploy('api', onsetMs + 90_000))).toBe(0);
  });

  it('count more where only the new version suffers, and not at all where the old one does too', () => {
    expect(strength(change, versions(10, 100))).toBeGreaterThan(strength(change));
    expect(strength(change, versions(100, 100))).toBe(0);
  });

  it('are triggers, so they need damage beside them', () => expect(changes.traits.trigger).toBe(true));

  it('are refuted by instances of the old version', () => {
    const outcome = (operations: OperationRow[]) =>
      refutationOf(changes, { operations }, { lead: { entity: `change:${change.id}` }, more: { changes: [change] } });
    expect(outcome(versions(10, 100))).toMatch(/^survived: instances of api without the change/);
    expect(outcome(versions(100, 100))).toMatch(/^refuted: instances of api without the change/);
    expect(outcome(operation({ service: 'api', self: [10, 100] }))).toMatch(/^not-run/);
  });
});
