import { type Entities, emptyEvidenceResult } from '@faultline/model';
import { expect, it } from 'vitest';
import { edge, operation, presence, series } from '../testing/fixture.ts';
import { subjectGap } from './subject.ts';

const answer = {
  ...emptyEvidenceResult,
  operations: operation({ service: 'web', self: [5, 5] }),
  edges: edge({ from: 'web', to: 'postgresql/accounts' }),
  series: [{ ...series('pay', 'cpu', [1, 2]), node: 'n1' }],
  presence: [presence('cart', 0)],
};
const declaredEdges = [{ from: 'web', to: 'mail' }];
const gapOf = (...alerts: Entities[]) =>
  subjectGap({ answer, declaredEdges, alerts: alerts.map((entities) => ({ entities })) })?.code ?? null;

it.each<[string, Entities]>([
  ['a service with spans', { service: 'web' }],
  ['a database that is called', { database: 'postgresql/accounts' }],
  ['a service with metrics', { service: 'pay' }],
  ['a service of the declared graph', { service: 'mail' }],
  ['an instance', { service: 'unknown', pod: 'cart-1' }],
  ['a node on which something runs', { service: 'unknown', node: 'n1' }],
  ['a node of which telemetry says nothing', { node: 'n7' }],
  ['a namespace', { namespace: 'shop' }],
])('telemetry can be judged for an alert about %s', (_what, entities) => {
  expect(gapOf(entities)).toBeNull();
});

it('one known subject among others is enough', () => {
  expect(gapOf({}, { service: 'unknown' }, { service: 'web' })).toBeNull();
});

it('says what is missing: a subject, one that telemetry knows, or telemetry', () => {
  expect(gapOf({})).toBe('no-subject');
  expect(
    subjectGap({ answer, declaredEdges, alerts: ['a', 'b', 'b'].map((service) => ({ entities: { service } })) }),
  ).toEqual({
    part: 'alerts',
    code: 'unknown-subject',
    detail: 'a, b',
  });
  const alerts = [{ entities: { service: 'web' } }];
  expect(subjectGap({ answer: emptyEvidenceResult, declaredEdges, alerts })?.code).toBe('none');
  expect(subjectGap({ answer: null, declaredEdges, alerts })?.code).toBe('none');
});
