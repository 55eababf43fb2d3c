import { describe, expect, it } from 'vitest';
import { finding } from '../testing/evidence.ts';
import { tuned } from './tuned.ts';
import { weightSpecs } from './tuning.ts';
import { weighFindings } from './weigh.ts';

describe('weighFindings', () => {
  it('weighs each finding by its own weight, and keeps the order', () => {
    const findings = [
      finding({ service: 'b', weightName: 'selfTime', strength: 0.5 }),
      finding({ service: 'a', weightName: 'cpu', strength: 1 }),
    ];
    const weighed = weighFindings(findings, { numbers: { selfTime: 4, cpu: 3 } });
    expect(weighed.map(({ service, weight }) => `${service} ${weight}`)).toEqual(['b 2', 'a 3']);
  });

  it('falls back to the prior of a weight that no fit has set', () => {
    const [weighed] = weighFindings([finding({ weightName: 'cpu', strength: 0.5 })], { numbers: { selfTime: 9 } });
    expect(weighed?.weight).toBe(weightSpecs.cpu.start / 2);
  });

  it('takes a weight of zero for a value and not for a missing one', () => {
    const [weighed] = weighFindings([finding({ weightName: 'cpu' })], { numbers: { cpu: 0 } });
    expect(weighed?.weight).toBe(0);
  });

  it('begins with nothing explained, whatever an earlier weighing said', () => {
    const [weighed] = weighFindings([finding({ explainedBy: ['db'], weight: 99 })], tuned);
    expect(weighed?.explainedBy).toEqual([]);
    expect(weighed?.weight).toBeLessThan(99);
  });
});
