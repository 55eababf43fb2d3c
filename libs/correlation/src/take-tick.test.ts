import { expect, it } from 'vitest';
import { membersOf } from './state/members.ts';
import { planTick } from './take-tick.ts';
import { alertOf, effectsOf, incidentOf, pageOf, played, stepOf } from './testing/played.ts';
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
  const player = played();
  player.state.timers.set('incident/overdue', player.atMs - 1000);
  const step = stepOf(player);
  planTick(step);
  expect(effectsOf(step, 'timer')).toEqual([{ kind: 'timer', atMs: player.atMs + 1 }]);
});

it('a query that nobody answers counts as an unread store, and is made again after twice as long each time', () => {
  const player = played(
    '0s config revisionScheduleMs=[] retryAskMs=1000 maxRetryAskMs=4000',
    '0s alert cart Slow',
    '1m',
  );
  const queries = effectsOf(player, 'query').map(({ query }) => (query.askedAtMs - originMs) / 1000);
  expect(queries).toEqual([0, 8, 20, 34, 48]);
  expect(pageOf(player)).toMatchObject({
    missing: [{ part: 'store', code: 'timeout' }],
    evidenceRetry: { sinceMs: originMs, withinMs: 4000 },
  });
});
