import { describe, expect, it } from 'vitest';
import { compare } from './compare/compare.ts';
import { featuresOf, featuresOfComparison } from './features.ts';
import { deploy, edge, incident, onsetMs, operation, presence, type Rows } from './testing/fixture.ts';

/** `api` is slow in its own code, and `web` waits for it. */
const slow: Rows = {
  operations: [
    ...operation({ service: 'web', total: [40, 340], self: [5, 5] }),
    ...operation({ service: 'api', self: [30, 330] }),
  ],
  edges: edge({ from: 'web', to: 'api', total: [30, 330] }),
};

describe('featuresOf', () => {
  it('keeps triggers apart from what was measured', () => {
    const features = featuresOf(incident('web', slow, { changes: [deploy('api', onsetMs - 20_000)] }));
    expect(features.triggers.map(({ kind, service }) => `${kind} ${service}`)).toEqual(['changes api']);
    expect(features.findings.map(({ kind }) => kind)).toContain('self-time');
    expect(features.findings.some(({ traits }) => traits.trigger === true)).toBe(false);
  });

  it('holds no weights, so that a fit may try others', () => {
    const features = featuresOf(incident('web', slow));
    expect(features.findings.length).toBeGreaterThan(0);
    expect(features.findings.filter((one) => 'weight' in one)).toEqual([]);
  });

  it('is plain JSON: a fit reads it from a file', () => {
    const features = featuresOf(incident('web', slow, { changes: [deploy('api', onsetMs - 20_000)] }));
    expect(JSON.parse(JSON.stringify(features))).toEqual(features);
  });

  it('says whether the alerting service shows harm itself', () => {
    expect(featuresOf(incident('web', slow)).symptom).toBeGreaterThan(0.9);
    const [web, ...rest] = [
      operation({ service: 'web', self: [5, 5] }),
      operation({ service: 'api', self: [30, 330] }),
    ];
    expect(featuresOf(incident('web', { operations: [...(web ?? []), ...rest.flat()] })).symptom).toBeLessThan(0.1);
  });

  it('does not doubt the alert before there is evidence', () => {
    const features = featuresOf(incident('web', null));
    expect(features).toMatchObject({ hasEvidence: false, symptom: 1, shared: [] });
    expect(featuresOf(incident('web', slow)).hasEvidence).toBe(true);
  });

  it('lists which suspicious services stand below a caller that may only be waiting', () => {
    const waiting: Rows = {
      operations: [
        ...operation({ service: 'web', self: [5, 305], errors: [0, 60], ownErrors: [0, 60] }),
        ...operation({ service: 'api', self: [30, 330] }),
      ],
      edges: edge({ from: 'web', to: 'api', total: [30, 330], errors: [0, 60] }),
    };
    expect(featuresOf(incident('web', waiting)).below).toEqual({ web: ['api'] });
    expect(featuresOf(incident('web', slow)).below).toEqual({});
  });

  it('lists what a shared node explains', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const rows = {
      operations: ['web', ...names].flatMap((service, i) =>
        operation({ service, self: [10, i > 0 && i < 4 ? 400 : 10] }),
      ),
      presence: ['web', ...names].map((service, i) => ({
        ...presence(service, 779_000),
        node: i > 0 && i < 4 ? 'node-1' : 'node-2',
      })),
    };
    const { shared } = featuresOf(incident('web', rows));
    const [first] = shared;
    expect(shared).toHaveLength(1);
    expect(first).toMatchObject({ service: 'node-1', kind: 'failure-domain' });
    expect(first?.explains).toEqual(expect.arrayContaining(['a', 'b', 'c']));
    expect(first?.explains).not.toContain('f');
  });

  it('reads the comparison and nothing else', () => {
    const input = incident('web', slow);
    expect(featuresOfComparison(compare(input))).toEqual(featuresOf(input));
  });
});
