import { describe, expect, it } from 'vitest';
import { weightSpecs } from '../weigh/tuning.ts';
import { counterEvidenceKinds, evidenceKinds } from './list.ts';

const all = [...evidenceKinds, ...counterEvidenceKinds];

describe('the kinds of evidence', () => {
  it('have names of their own', () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(all.map((kind) => [kind.name, kind] as const))('%s says what its weights start from, and why', (_, kind) => {
    const specs = Object.entries(kind.weights);
    expect(specs.length).toBeGreaterThan(0);
    for (const [name, spec] of specs) {
      expect(weightSpecs).toHaveProperty(name, spec);
      expect(spec.start).toBeGreaterThanOrEqual(spec.min);
      expect(spec.start).toBeLessThanOrEqual(spec.max);
      expect(spec.why.length).toBeGreaterThan(10);
    }
  });

  it('that share a weight agree about it', () => {
    const specs = Map.groupBy(
      all.flatMap(({ weights }) => Object.entries(weights)),
      ([name]) => name,
    );
    for (const [, same] of specs) expect(new Set(same.map(([, spec]) => spec)).size).toBe(1);
  });

  it('against a cause say whether anything connects it with the alerts: nothing asks for another trait', () => {
    const traits = counterEvidenceKinds.map((kind) => Object.keys(kind.traits));
    expect(new Set(traits.flat())).toEqual(new Set(['unconnected']));
  });
});
