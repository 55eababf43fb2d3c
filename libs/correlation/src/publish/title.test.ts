import { faultOfFinding } from '@faultline/model';
import { expect, it } from 'vitest';
import { newAlert } from '../testing/played.ts';
import { newFinding } from '../testing/record.ts';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { titleOf } from './title.ts';

const unknown = { verdict: 'inconclusive', hypotheses: [stubHypothesis('db')] } as const;
const known = { ...unknown, verdict: 'identified' } as const;
const one = { alerts: 1, services: 1 };
const slow = newAlert({ service: 'cart' }, { name: 'Slow' });

it.each([
  ['a single alert by its service', unknown, slow, one, 'Slow on cart'],
  ['an alert about nothing by its name', unknown, newAlert({}, { name: 'Odd' }), one, 'Odd'],
  ['an alert about a node by its node', unknown, newAlert({ node: 'n1' }, { name: 'Full' }), one, 'Full on n1'],
  ['many alerts of one service', unknown, slow, { alerts: 3, services: 1 }, 'Slow on cart: 3 alerts'],
  ['a known cause with its only symptom', known, slow, one, 'db returns errors: Slow on cart'],
  ['a known cause without members', known, slow, { alerts: 0, services: 0 }, 'db returns errors'],
  ['an incident whose opening alert is gone', unknown, undefined, one, 'Incident'],
] as const)('%s', (_what, ranked, opening, counts, title) => {
  expect(titleOf(ranked, opening, counts)).toBe(title);
});

it('a fault that the cluster names stands for the cause', () => {
  const hypotheses = [{ ...stubHypothesis('db'), fault: faultOfFinding(newFinding()) }];
  expect(titleOf({ ...known, hypotheses }, slow, one)).toBe(
    'Deployment shop/db: env PASSWORD refers to key password of Secret db, which is missing: Slow on cart',
  );
});
