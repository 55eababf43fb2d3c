/** Each deadline: what has to be looked at, and when. */
import { expect, it } from 'vitest';
import { incidentOf, newAlert, played } from '../testing/played.ts';
import { originMs } from '../testing/player.ts';
import { defaultCoreConfig } from './config.ts';
import { alertDeadlineMs, publishDeadlineMs } from './deadlines.ts';

const hourMs = 3_600_000;

it.each([
  ['a firing alert that its source repeats', { expiresAfterMs: 60, lastReceivedMs: 7 }, 67],
  ['a firing member whose source sends its end', { lastReceivedMs: 7, incidentId: 'i' }, null],
  ['one that outlived its incident', { lastReceivedMs: 7 }, 7 + 7 * 24 * hourMs],
  ['an end without its firing', { status: 'resolved', lastReceivedMs: 7 }, 7 + hourMs],
  ['a resolved member', { status: 'resolved', lastReceivedMs: 7, incidentId: 'i' }, null],
] as const)('%s', (_what, over, deadlineMs) => {
  expect(alertDeadlineMs(newAlert({}, over))).toBe(deadlineMs);
});

it('the first page waits for evidence, and at most for the hold budget', () => {
  const player = played('0s alert db Slow');
  const incident = incidentOf(player);
  const deadlineMs = () => publishDeadlineMs(player.state, incident);
  expect(deadlineMs()).toBe(originMs + defaultCoreConfig.holdBudgetMs);
  expect(deadlineMs()).toBe(player.state.timers.next());
  incident.rounds = 1;
  expect(deadlineMs()).toBe(0);
});

it('later revisions gather changes, and keep a distance', () => {
  const player = played('0s alert db Slow', '0.2s answer settled cause=db');
  const incident = incidentOf(player);
  const { gatherMs, flushIntervalMs } = defaultCoreConfig;
  const at = (lastPublishedMs: number, dirtySinceMs: number) =>
    publishDeadlineMs(player.state, { ...incident, lastPublishedMs, dirtySinceMs });
  expect(at(0, 5000)).toBe(5000 + gatherMs);
  expect(at(4900, 5000)).toBe(4900 + flushIntervalMs);
});

it('a query without a result is dropped after its deadline and five seconds', () => {
  const player = played('0s alert db Slow', '6.9s');
  expect(player.state.queries.size).toBe(1);
  expect(played('0s alert db Slow', '7.1s').state.queries.size).toBe(0);
});

it('a resolved incident is forgotten when it can no longer be reopened', () => {
  const player = played('0s alert db Slow', '0.2s answer settled cause=db', '1s resolve #1');
  expect(player.state.timers.next()).toBe(originMs + 1000 + defaultCoreConfig.reopenMs);
});

it('changes, splits and command ids have a time to live', () => {
  const split = [
    '0s alert cart Slow',
    '0s alert db Slow',
    '0.2s answer settled disturbed=cart,db edges=cart->db cause=db',
    '1s split #1 Slow/db',
  ];
  const { state } = played('0s change db v1', ...split);
  expect([state.changes.size, state.splits.size, state.commands.size]).toEqual([1, 1, 1]);
  const { state: nextDay } = played('0s change db v1', ...split, '25h');
  expect([nextDay.changes.size, nextDay.splits.size, nextDay.commands.size]).toEqual([0, 1, 0]);
  const { state: nextWeek } = played('0s change db v1', ...split, '170h');
  expect(nextWeek.splits.size).toBe(0);
});
