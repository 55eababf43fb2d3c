import { expect, it } from 'vitest';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { pinHypotheses } from './pin.ts';

const hypothesis = (service: string, probability: number) => ({ ...stubHypothesis(service), probability });
const pin = (service: string, causeKind = 'pool') => ({ service, causeKind, actor: 'ann' });

it('the others keep their proportions and share what is left', () => {
  const [first, cart, web] = pinHypotheses([hypothesis('cart', 0.6), hypothesis('web', 0.3)], pin('db'));
  expect(first?.probability).toBe(0.99);
  expect((cart?.probability ?? 0) / (web?.probability ?? 1)).toBeCloseTo(2);
});

it('a pinned hypothesis keeps its evidence, under the word of the person', () => {
  const known = { ...hypothesis('db', 0.2), changeId: 'c', path: ['db', 'cart'] };
  const [first] = pinHypotheses([known], pin('db'));
  expect(first).toMatchObject({ changeId: 'c', path: ['db', 'cart'] });
  expect(first?.evidence[0]).toMatchObject({ kind: 'pinned', summary: 'pinned by ann', weight: 0 });
});

it.each([
  ['a known kind is taken', [hypothesis('db', 0.2)], 'pool', 'pool'],
  ['an unknown one leaves what the ranking found', [hypothesis('db', 0.2)], 'gremlins', 'error'],
  ['or an error', [], '', 'error'],
])('the kind of cause: %s', (_what, hypotheses, causeKind, kind) => {
  expect(pinHypotheses(hypotheses, pin('db', causeKind))[0]?.cause.kind).toBe(kind);
});
