import { expect, it } from 'vitest';
import { historyOf } from '../../state/incident.ts';
import { membersOf } from '../../state/members.ts';
import { alertOf, incidentOf, played, stepOf } from '../../testing/played.ts';
import { applyMerge, moveMembers } from './merge.ts';

const twoIncidents = (...lines: readonly string[]) => {
  const player = played('0s declare cart->db mail->smtp', '0s alert cart Slow', '0.1s alert smtp Down', ...lines);
  return { player, one: incidentOf(player), two: incidentOf(player, '#2') };
};

it('an incident without a page disappears into the one with a page', () => {
  const { player, one, two } = twoIncidents();
  const reason = { kind: 'same-node', node: 'n1' } as const;
  applyMerge(stepOf(player), { kind: 'connected', from: two, into: one, alertName: 'Down', reason });
  expect([...player.state.incidents.keys()]).toEqual([one.id]);
  expect(alertOf(player, 'Down/smtp').reason).toEqual({ kind: 'joined-with', alertName: 'Down', reason });
});

it('one with a page is resolved and says where its alerts are', () => {
  const { player, one, two } = twoIncidents('9s');
  applyMerge(stepOf(player), { kind: 'same-cause', from: [two], into: one, cause: 'db' });
  expect(two).toMatchObject({ status: 'resolved', mergedInto: one.id });
  expect(historyOf(player.state, two.id).resolution).toMatchObject({ kind: 'merged-same-cause', into: one.id });
  expect(membersOf(player.state, two.id).keys.size).toBe(0);
});

it('the timeline of the primary counts what came', () => {
  const { player, one, two } = twoIncidents('0.2s alert smtp Full', '9s');
  applyMerge(stepOf(player), { kind: 'same-cause', from: [two], into: one, cause: 'db' });
  const { timeline } = historyOf(player.state, one.id);
  expect(timeline.at(-1)?.event).toEqual({ kind: 'members-added', count: 2, cause: 'db' });
});

it('a merge waits for the next revision of the primary', () => {
  const { player, one, two } = twoIncidents();
  const step = stepOf(player);
  moveMembers(step, two, one, { kind: 'merged-by', actor: 'ann' });
  expect(step.changed.get(one.id)).toBe(false);
});
