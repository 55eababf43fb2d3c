import { expect, it } from 'vitest';
import { membersOf } from '../../state/members.ts';
import { alertOf, incidentOf, played, stepOf } from '../../testing/played.ts';
import { splitMembers } from './split.ts';

const reason = { kind: 'split-by', actor: 'ann' } as const;
const three = (...lines: readonly string[]) =>
  played(
    '0s alert cart Slow start=-9s',
    '0s alert db Slow',
    '0s alert db Full',
    '0.2s answer settled disturbed=cart,db edges=cart->db cause=db',
    ...lines,
  );

it('all that is moved is in one new incident', () => {
  const player = three();
  const apart = splitMembers(
    stepOf(player),
    incidentOf(player),
    [alertOf(player, 'Slow/db'), alertOf(player, 'Full/db')],
    reason,
  );
  expect(membersOf(player.state, apart.id).keys).toEqual(new Set(['am/Slow/db', 'am/Full/db']));
  expect(membersOf(player.state, incidentOf(player).id).keys).toEqual(new Set(['am/Slow/cart']));
});

it('when the opening alert is moved, the next one takes its place', () => {
  const player = three();
  splitMembers(stepOf(player), incidentOf(player), [alertOf(player, 'Slow/cart')], reason);
  expect(incidentOf(player)).toMatchObject({
    anchor: 'am/Full/db',
    startedAtMs: alertOf(player, 'Full/db').startsAtMs,
  });
});

it('each side is quiet by its own members', () => {
  const player = three('1s alert db Slow resolved', '1s alert db Full resolved');
  const from = incidentOf(player);
  const apart = splitMembers(stepOf(player), from, [alertOf(player, 'Slow/db'), alertOf(player, 'Full/db')], reason);
  expect([from.quietSinceMs, apart.quietSinceMs]).toEqual([null, player.atMs]);
});
