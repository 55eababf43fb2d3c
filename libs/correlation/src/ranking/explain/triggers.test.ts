import { describe, expect, it } from 'vitest';
import { alerts } from '../evidence/alerts.ts';
import { finding } from '../testing/evidence.ts';
import { untuned, weightSpecs } from '../weigh/tuning.ts';
import { weighTriggers } from './triggers.ts';

const tuning = untuned();
const change = (strength: number, entity = 'change:1') =>
  finding({ kind: 'changes', weightName: 'change', strength, entity });
const full = weightSpecs.change.start;

describe('weighTriggers', () => {
  const weights = (
    ...[triggers, findings, hasEvidence = true]: [ReturnType<typeof change>[], ReturnType<typeof finding>[], boolean?]
  ) => weighTriggers(triggers, findings, { tuning, hasEvidence }).map(({ weight }) => weight);

  it('counts a change as far as its service shifted', () => {
    expect(weights([change(1)], [finding({ weight: 3 })])).toEqual([full]);
    expect(weights([change(1)], [finding({ weight: 0.5 })])).toEqual([full / 2]);
    expect(weights([change(1)], [])).toEqual([]);
  });

  it('does not take an alert for a shift', () => {
    expect(weights([change(1)], [finding({ weight: 3, traits: alerts.traits })])).toEqual([]);
  });

  it('counts a half before evidence is in', () => {
    expect(weights([change(1)], [], false)).toEqual([full / 2]);
  });

  it('keeps the best change of each service', () => {
    const best = weighTriggers([change(0.4, 'change:1'), change(0.9, 'change:2')], [finding()], {
      tuning,
      hasEvidence: true,
    });
    expect(best.map(({ entity }) => entity)).toEqual(['change:2']);
  });

  it('does not count a change for the shift of another service', () => {
    expect(weights([change(1)], [finding({ service: 'web', weight: 3 })])).toEqual([]);
  });

  it('counts what is left after callees explained a part, and no evidence against', () => {
    expect(weights([change(1)], [finding({ weight: 0.25, explainedBy: ['db'] })])).toEqual([full / 4]);
    expect(weights([change(1)], [finding({ weight: -2, isAgainst: true })])).toEqual([]);
  });

  it('drops a change that hardly fits', () => {
    expect(weights([change(0.01)], [finding({ weight: 3 })])).toEqual([]);
  });
});
