import { expect, it } from 'vitest';
import { membersOf } from './state/members.ts';
import { alertOf, effectsOf, incidentOf, played } from './testing/played.ts';
import { originMs } from './testing/player.ts';

it('a tick with nothing due changes nothing and asks for the next one', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '1s resolve #1', '2s');
  const before = player.effects.length;
  player.give({ kind: 'tick' });
  expect(player.effects.slice(before)).toEqual([{ kind: 'timer', atMs: player.state.timers.next() }]);
});

it('a tick that comes early does not expire an alert', () => {
  const player = played('0s alert cart Slow expires=1m', '59.999s');
  player.give({ kind: 'tick' });
  expect(alertOf(player, 'Slow/cart').status).toBe('firing');
});

it('an alert that expires makes its incident quiet in the same tick', () => {
  const player = played('0s alert cart Slow expires=1m', '0.2s answer settled cause=cart', '1m');
  expect(alertOf(player, 'Slow/cart')).toMatchObject({ status: 'expired', endsAtMs: originMs + 60_000 });
  expect(membersOf(player.state, incidentOf(player).id).firing).toBe(0);
  expect(incidentOf(player).quietSinceMs).toBe(originMs + 60_000);
});

it('without alerts and incidents no tick is wanted', () => {
  expect(played('0s change db v1').state.timers.next()).toBeNull();
});

it('the next tick is in the future, also when something is overdue', () => {
  const player = played('0s alert cart Slow', '0s declare a->b');
  player.atMs += 3_600_000;
  const before = player.effects.length;
  player.give({ kind: 'tick' });
  const timers = effectsOf({ effects: player.effects.slice(before) }, 'timer');
  expect(timers.length).toBeGreaterThan(0);
  for (const { atMs } of timers) expect(atMs).toBeGreaterThan(player.atMs);
});
