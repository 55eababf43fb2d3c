import { describe, expect, it } from 'vitest';
import { counterEvidenceKinds, evidenceKinds } from '../evidence/list.ts';
import { finding } from '../testing/evidence.ts';
import { tuned } from './tuned.ts';
import { generalWeightNames, untuned, weightOf, weightSpecs } from './tuning.ts';
import { weighFindings } from './weigh.ts';

describe('weights', () => {
  it('have their start value until a fit sets another', () => {
    expect(weightOf(untuned(), 'selfTime')).toBe(weightSpecs.selfTime.start);
    expect(weightOf({ numbers: { selfTime: 1.5 } }, 'selfTime')).toBe(1.5);
    expect(weightOf({ numbers: { selfTime: 1.5 } }, 'cpu')).toBe(weightSpecs.cpu.start);
  });

  it('in force lie within their bounds', () => {
    for (const [name, spec] of Object.entries(weightSpecs)) {
      const value = Object.entries(tuned.numbers).find(([other]) => other === name)?.[1] ?? spec.start;
      expect([name, value >= spec.min && value <= spec.max]).toEqual([name, true]);
    }
  });

  it('multiply the strength of a finding', () => {
    const [weighed] = weighFindings([finding({ weightName: 'cpu', strength: -0.5 })], { numbers: { cpu: 3 } });
    expect(weighed?.weight).toBe(-1.5);
  });

  it('that kinds of evidence share mean the same for each of them', () => {
    for (const { name, weights } of [...evidenceKinds, ...counterEvidenceKinds])
      for (const [weight, spec] of Object.entries(weights))
        expect([name, Object.entries(weightSpecs).find(([other]) => other === weight)?.[1]]).toEqual([name, spec]);
  });

  it('that belong to no kind of evidence are not declared by one', () => {
    const declared = [...evidenceKinds, ...counterEvidenceKinds].flatMap(({ weights }) => Object.keys(weights));
    expect(generalWeightNames.filter((name) => declared.includes(name))).toEqual([]);
  });

  it('start within their bounds', () => {
    const wrong = Object.entries(weightSpecs).filter(([, { start, min, max }]) => start < min || start > max);
    expect(wrong).toEqual([]);
  });

  it('of doubt may not be fitted away: quiet days are rare among labelled cases', () => {
    expect(weightSpecs.nothing.min).toBeGreaterThan(0);
    expect(weightSpecs.quietSymptom.min).toBeGreaterThan(0);
  });

  it('of the released tuning are fitted on all families of faults', () => {
    expect(tuned.withoutFamily).toBeNull();
    expect(tuned.calibration.slope).toBeGreaterThan(0);
  });
});
