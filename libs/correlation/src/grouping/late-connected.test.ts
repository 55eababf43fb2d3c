/** Alerts of one fault may come in any order; an early page about a callee joins once its callers alert. */
import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, played } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { decideLateConnected } from './late-connected.ts';
import { decideMerge } from './merge.ts';

const edges = 'edges=web->orders,web->mail,orders->db';

/** A page about orders, whose cause is db; one about mail, whose evidence suspects db; then web, which calls both, alerts. */
function twoPages(...lines: readonly string[]): Player {
  const player = played(
    '0s alert orders Slow',
    `0.2s answer settled disturbed=orders ${edges} cause=db`,
    '70s alert mail Slow',
    `70.4s answer #2 settled disturbed=mail ${edges}`,
    ...lines,
  );
  const { id } = incidentOf(player, '#2');
  setEvidence(player.state, id, newEvidence({ cause: 'db', verdict: 'inconclusive', degraded: ['mail'] }));
  return player;
}

const webAlerts = '71s alert web Slow';
const pair = (player: Player) => ({ from: incidentOf(player, '#2'), into: incidentOf(player) });
const decide = (player: Player, name = '#2') =>
  decideLateConnected(player.state, incidentOf(player, name), player.atMs);

it('joins the incident with the cause that its own evidence suspects, once a caller of both alerts', () => {
  const player = twoPages(webAlerts);
  const merge = { kind: 'connected', alertName: 'Slow', reason: { kind: 'degraded-path' }, ...pair(player) };
  expect(decide(player)).toMatchObject(merge);
  expect(decideMerge(player.state, incidentOf(player, '#2'), player.atMs)).toMatchObject(merge);
});

it('is taken in when the evidence of the other one comes last', () => {
  const player = twoPages(webAlerts);
  expect(decide(player, '#1')).toMatchObject(pair(player));
});

it('stays while nothing connects the two', () => {
  expect(decide(twoPages())).toBeNull();
});

it('joins the older one when both name the cause, whichever evidence comes last', () => {
  const player = twoPages(webAlerts);
  setEvidence(player.state, incidentOf(player, '#2').id, newEvidence({ cause: 'db' }));
  expect(decide(player)).toMatchObject(pair(player));
  expect(decide(player, '#1')).toMatchObject(pair(player));
});

it('stays when its own evidence suspects another service, or names another cause', () => {
  const player = twoPages(webAlerts);
  const { id } = incidentOf(player, '#2');
  setEvidence(player.state, id, newEvidence({ cause: 'smtp', verdict: 'inconclusive' }));
  expect(decide(player)).toBeNull();
  setEvidence(player.state, id, newEvidence({ cause: 'mail' }));
  expect(decide(player)).toBeNull();
});

it.each([
  ['somebody acknowledged it', { status: 'acknowledged' }],
  ['it was split off', { detached: true }],
  ['its evidence is not settled', { evidenceState: 'provisional' }],
] as const)('stays when %s', (_, facts) => {
  const player = twoPages(webAlerts);
  Object.assign(incidentOf(player, '#2'), facts);
  expect(decide(player)).toBeNull();
});

it('stays when the other one is not settled', () => {
  const player = twoPages(webAlerts);
  incidentOf(player).evidenceState = 'provisional';
  expect(decide(player)).toBeNull();
});
