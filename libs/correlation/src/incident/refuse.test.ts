import type { CommandAction } from '@faultline/model';
import { expect, it } from 'vitest';
import { incidentOf, played } from '../testing/played.ts';
import { decideRefusal } from './refuse.ts';

const open = () => played('0s declare cart->db mail->smtp', '0s alert cart Slow', '0.1s alert smtp Down', '5s');
const resolved = () => played('0s alert cart Slow', '5s resolve #1');
const merged = () =>
  played('0s declare cart->db mail->smtp', '0s alert smtp Down', '0.1s alert cart Slow', '5s merge #2 #1');
const split = (...alertFingerprints: string[]): CommandAction => ({ kind: 'split', alertFingerprints });
const merge = (otherIncidentId: string): CommandAction => ({ kind: 'merge', otherIncidentId });
const resolve: CommandAction = { kind: 'resolve', resolution: '' };

it.each([
  ['acknowledge', open, { kind: 'acknowledge' }, null],
  ['acknowledge a resolved one', resolved, { kind: 'acknowledge' }, { kind: 'resolved', command: 'acknowledge' }],
  ['resolve', open, resolve, null],
  ['resolve a resolved one', resolved, resolve, { kind: 'resolved', command: 'resolve' }],
  ['reopen', resolved, { kind: 'reopen' }, null],
  ['reopen an open one', open, { kind: 'reopen' }, { kind: 'not-resolved' }],
  ['split a resolved one', resolved, split('Slow/cart'), { kind: 'resolved', command: 'split' }],
  ['split off all', open, split('Slow/cart'), { kind: 'all-alerts' }],
  ['split off others', open, split('Down/smtp'), { kind: 'no-such-alerts' }],
  ['merge with nothing', open, merge('x'), { kind: 'unknown-other', other: 'x' }],
  ['note', resolved, { kind: 'note', text: '' }, null],
  ['pin', resolved, { kind: 'pin-cause', service: 'db', causeKind: 'cpu' }, null],
] as const)('%s', (_what, play, action, refusal) => {
  const player = play();
  expect(decideRefusal(player.state, incidentOf(player), { expectedRevision: null, action })).toEqual(refusal);
});

it('merges are of two open incidents', () => {
  const player = open();
  const [one, two] = [incidentOf(player), incidentOf(player, '#2')];
  const refusal = (other: string) => decideRefusal(player.state, one, { expectedRevision: null, action: merge(other) });
  expect(refusal(two.id)).toBeNull();
  expect(refusal(one.id)).toEqual({ kind: 'merge-with-itself' });
  two.status = 'resolved';
  expect(refusal(two.id)).toEqual({ kind: 'not-both-open' });
});

it('a merged incident stays closed', () => {
  const player = merged();
  const one = incidentOf(player);
  expect(decideRefusal(player.state, one, { expectedRevision: null, action: { kind: 'reopen' } })).toEqual({
    kind: 'merged-away',
    into: incidentOf(player, '#2').id,
  });
});

it('another revision is refused before anything else', () => {
  const player = resolved();
  const incident = incidentOf(player);
  const command = { expectedRevision: 7, action: resolve };
  const refusal = { kind: 'stale-revision', revision: incident.revision, expected: 7 };
  expect(decideRefusal(player.state, incident, command)).toEqual(refusal);
});
