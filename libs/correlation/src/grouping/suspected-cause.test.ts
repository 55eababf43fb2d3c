/** A first page that only guesses at a cause which was paged a moment ago waits with that page. */
import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { decideSuspectedCause } from './suspected-cause.ts';

const edges = 'edges=web->orders,web->mail,orders->db';

/** A page about orders whose grouping is not decided; then an alert about mail, to which nothing leads yet. */
const waiting = () =>
  played('0s alert orders Slow', `0.2s answer disturbed=orders ${edges} cause=db`, '2s alert mail Slow');

function decide(player: Player, facts: Parameters<typeof newEvidence>[0] = { cause: 'db', verdict: 'inconclusive' }) {
  const two = incidentOf(player, '#2');
  setEvidence(player.state, two.id, newEvidence(facts));
  return decideSuspectedCause(player.state, two);
}

it('waits with the incident whose cause its own evidence suspects', () => {
  const player = waiting();
  const merge = { kind: 'suspected-cause', from: incidentOf(player, '#2'), into: incidentOf(player), cause: 'db' };
  expect(decide(player)).toEqual(merge);
});

it.each([
  ['has a page', { revision: 1 }],
  ['was split off', { detached: true }],
  ['began long before', { startedAtMs: 0 }],
] as const)('stays by itself when it %s', (_, facts) => {
  const player = waiting();
  Object.assign(incidentOf(player, '#2'), facts);
  expect(decide(player)).toBeNull();
});

it.each([
  ['has no page', { revision: 0 }],
  ['decided its grouping', { regrouped: true }],
  ['is over', { status: 'resolved' }],
] as const)('stays by itself when the other one %s', (_, facts) => {
  const player = waiting();
  Object.assign(incidentOf(player), facts);
  expect(decide(player)).toBeNull();
});

it('stays by itself when it suspects another service, or nothing', () => {
  expect(decide(waiting(), { cause: 'smtp', verdict: 'inconclusive' })).toBeNull();
  expect(decide(waiting(), {})).toBeNull();
});
