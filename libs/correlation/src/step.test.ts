import { expect, it } from 'vitest';
import { snapshotState } from './state/load.ts';
import { incidentOf, played } from './testing/played.ts';
import { newRecord } from './testing/record.ts';

it('saves come first, in the order of keys', () => {
  const player = played('0s alert cart Slow');
  const { effects } = player.core.step(player.state, {
    atMs: player.atMs,
    input: { kind: 'alert', alert: newRecord() },
  });
  const kinds = effects.map(({ kind }) => kind);
  const saves = kinds.filter((kind) => kind === 'save').length;
  expect(kinds.slice(0, saves).every((kind) => kind === 'save')).toBe(true);
  const keys = effects.flatMap((effect) => (effect.kind === 'save' ? [effect.key] : []));
  expect(keys).toEqual(keys.toSorted());
  expect(keys.length).toBeGreaterThan(1);
});

it('a checkpoint is the state, and repeats nothing that the changelog has', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart');
  const records = snapshotState(player.state);
  const fresh = played();
  const step = fresh.core.step(fresh.state, { atMs: fresh.atMs, input: { kind: 'checkpoint', records } });
  expect(step.effects).toEqual([]);
  expect(snapshotState(step.state)).toEqual(records);
});

it('new settings move the deadlines of what is known already', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '1s resolve #1');
  const { id } = incidentOf(player);
  player.passTo(player.atMs + 60_000);
  expect(player.state.incidents.has(id)).toBe(true);
  player.give({ kind: 'config', config: { reopenMs: 1000 } });
  player.give({ kind: 'tick' });
  expect(player.state.incidents.has(id)).toBe(false);
});

const reopen = { kind: 'reopen' } as const;
const commandOf = (action: typeof reopen | { readonly kind: 'acknowledge' }) => ({
  kind: 'command' as const,
  command: { id: 'c', scope: newRecord().scope, incidentId: 'i', expectedRevision: null, actor: 'a', atMs: 0, action },
});
/** Its tick is about to come. */
function overdueHeartbeat() {
  const player = played(
    '0s config heartbeatFactor=3 revisionScheduleMs=[]',
    '0s alert - Watchdog',
    '4m alert - Watchdog start=0s',
  );
  player.atMs += 12 * 60_000;
  return player;
}

const alertOf = (over: Parameters<typeof newRecord>[0]) => ({ kind: 'alert' as const, alert: newRecord(over) });

it.each([
  ['a firing alert', played, alertOf({}), true],
  ['an end', played, alertOf({ status: 'resolved' }), false],
  ['a heartbeat', played, alertOf({ name: 'Watchdog' }), false],
  ['an alert while an incident is open', () => played('0s alert cart Slow'), alertOf({}), false],
  ['an alert after it was resolved', () => played('0s alert cart Slow', '1s resolve #1'), alertOf({}), true],
  ['one that fires all along', () => played('0s alert db Slow', '1s resolve #1'), alertOf({}), false],
  ['reopening', played, commandOf(reopen), true],
  ['another command', played, commandOf({ kind: 'acknowledge' }), false],
  ['a tick', played, { kind: 'tick' as const }, false],
  ['a tick at which a heartbeat is overdue', overdueHeartbeat, { kind: 'tick' as const }, true],
])('a checkpoint belongs before what may open an incident: %s', (_what, play, input, would) => {
  const player = play();
  expect(player.core.wouldOpen(player.state, { atMs: player.atMs, input })).toBe(would);
});
