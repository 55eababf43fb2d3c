import { describe, expect, it } from 'vitest';
import { findingsOf, refutationOf, suspectsOf } from '../testing/evidence.ts';
import { edge, operation, type Rows } from '../testing/fixture.ts';
import { originatingErrors } from './originating-errors.ts';

describe('originating errors', () => {
  it('counts only errors that no callee explains', () => {
    const operations = [
      ...operation({ service: 'web', self: [5, 5], errors: [0, 40] }),
      ...operation({ service: 'api', self: [5, 5], errors: [0, 40], ownErrors: [0, 40] }),
    ];
    expect(suspectsOf(originatingErrors, { operations })).toEqual(['api error']);
  });

  it('does not take one error in ten calls for proof', () => {
    const operations = operation({ service: 'api', self: [5, 5], calls: [10, 10], ownErrors: [0, 1] });
    expect(suspectsOf(originatingErrors, { operations })).toEqual([]);
  });

  it('may be explained where a dependency without spans fails, or where the service times out', () => {
    const failing = operation({ service: 'api', self: [5, 5], errors: [0, 40], ownErrors: [0, 40] });
    const explainable = (rows: Rows) => findingsOf(originatingErrors, rows)[0]?.explainable;
    expect(explainable({ operations: failing })).toBe(0);
    const edges = edge({ from: 'api', to: 'db', silent: true, errors: [0, 40] });
    expect(explainable({ operations: failing, edges })).toBe(1);
    const timesOut = operation({ service: 'api', self: [5, 500], errors: [0, 40], ownErrors: [0, 40] });
    expect(explainable({ operations: timesOut })).toBe(1);
  });

  it('is refuted by a callee that answers worse', () => {
    const operations = operation({ service: 'api', self: [5, 5] });
    const calling = (errors: readonly [number, number]): Rows => ({
      operations,
      edges: edge({ from: 'api', to: 'db', errors }),
    });
    expect(refutationOf(originatingErrors, { operations })).toBe('survived: it calls no known service');
    expect(refutationOf(originatingErrors, calling([0, 0]))).toBe('survived: calls to db are as before');
    expect(refutationOf(originatingErrors, calling([0, 60]))).toBe('refuted: calls to db fail or are slower');
    const more = { declaredEdges: [{ from: 'api', to: 'db' }] };
    expect(refutationOf(originatingErrors, { operations }, { more })).toMatch(/^not-run: no calls to db/);
  });
});
