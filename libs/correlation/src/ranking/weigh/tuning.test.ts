import { describe, expect, it } from 'vitest';
import { finding } from '../testing/evidence.ts';
import { tuned } from './tuned.ts';
import { untuned, weightOf, weightSpecs } from './tuning.ts';
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
});
