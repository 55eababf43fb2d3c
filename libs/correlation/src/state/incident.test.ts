import { expect, it } from 'vitest';
import { newEvidence, played } from '../testing/played.ts';
import { historyOf, identifiedCause, isOpen, setEvidence } from './incident.ts';

it.each([
  ['open', true],
  ['acknowledged', true],
  ['resolved', false],
] as const)('%s is open: %s', (status, open) => expect(isOpen({ status })).toBe(open));

const pinOn = (service: string) => ({ service, causeKind: 'pool', actor: 'ann' });

it.each([
  ['an identified ranking names its first cause', newEvidence({ cause: 'db' }).ranking, null, 'db'],
  ['an inconclusive one names none', newEvidence({ cause: 'db', verdict: 'inconclusive' }).ranking, null, null],
  ['a pin on the same service agrees', newEvidence({ cause: 'db' }).ranking, pinOn('db'), 'db'],
  ['a pin on another one rejects it', newEvidence({ cause: 'db' }).ranking, pinOn('web'), null],
  ['a pin alone proves nothing', newEvidence({}).ranking, pinOn('db'), null],
  ['no ranking, no cause', undefined, undefined, null],
] as const)('%s', (_what, ranking, pin, cause) => {
  expect(identifiedCause(ranking, pin)).toBe(cause);
});

it('replaced evidence leaves the index', () => {
  const { state } = played();
  setEvidence(state, 'i', newEvidence({ cause: 'db', degraded: ['a'], related: ['r'], suspects: ['c'] }));
  setEvidence(state, 'i', newEvidence({ cause: 'web' }));
  const { byCause, byDegraded, byRelated, bySuspect, unanswered } = state.index;
  expect([byCause, byDegraded, byRelated, bySuspect].map((postings) => [...postings.keys()])).toEqual([
    ['web'],
    [],
    [],
    [],
  ]);
  expect(unanswered.has('i')).toBe(false);
  setEvidence(state, 'i', null);
  expect([[...byCause.keys()], unanswered.has('i')]).toEqual([[], true]);
});

it('an incident without a history has an empty one', () => {
  expect(historyOf(played().state, 'i')).toEqual({ timeline: [], commands: [], pin: null, resolution: null });
});
