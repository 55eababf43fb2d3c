import { expect, it } from 'vitest';
import { newEvidence, played } from '../testing/played.ts';
import { historyOf, isOpen, setEvidence } from './incident.ts';

it.each([
  ['open', true],
  ['acknowledged', true],
  ['resolved', false],
] as const)('%s is open: %s', (status, open) => expect(isOpen({ status })).toBe(open));

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
  expect(historyOf(played().state, 'i')).toEqual({
    timeline: [],
    commands: [],
    pin: null,
    resolution: null,
    rejections: [],
  });
});
