/** A heartbeat never pages. Its absence does, once its interval is known. */
import { expect, it } from 'vitest';
import { alertOf, effectsOf, incidentOf, pageOf, played } from './testing/played.ts';
import { originMs } from './testing/player.ts';
import { playLine } from './testing/scenario.ts';

const watched = '0s config revisionScheduleMs=[] heartbeatFactor=3';
const beats = [watched, '0s alert - Watchdog', '4m alert - Watchdog start=0s', '8m alert - Watchdog start=0s'];
const opened = (...lines: readonly string[]) => played(...lines).state.incidents.size;

it.each([
  ['on time', [...beats, '19m'], 0],
  ['three times its interval late', [...beats, '20m'], 1],
  ['whose interval is not known yet', [watched, '0s alert - Watchdog', '10h'], 0],
  [
    'whose interval is seconds: a restart of the sender is no absence',
    [watched, '0s alert - Watchdog', '1s alert - Watchdog start=0s', '10m'],
    0,
  ],
  ['that its sender ends', [...beats, '9m alert - Watchdog resolved'], 1],
  ['that was never seen, and ends', [watched, '0s alert - Watchdog resolved'], 0],
  ['that is not watched', [...beats.with(0, '0s config heartbeatFactor=0'), '20m'], 0],
  [
    'that is not expected for ever',
    [watched, '0s alert a InfoInhibitor', '1m alert a InfoInhibitor start=0s', '10h'],
    0,
  ],
  [
    'that a rule suppresses',
    [
      '0s config heartbeatFactor=3 suppress=[{"name":"n","match":{"alertname":"Watchdog"},"fromMs":null,"untilMs":null}]',
      ...beats.slice(1),
      '20m',
    ],
    0,
  ],
])('a heartbeat %s', (_what, lines, incidents) => expect(opened(...lines)).toBe(incidents));

it('its absence is a critical alert of its own kind, under the key of the heartbeat', () => {
  const player = played(...beats, '20m', '20.01m answer settled');
  expect(alertOf(player, 'Watchdog/-')).toMatchObject({
    name: 'Watchdog absent',
    status: 'firing',
    severity: 'critical',
  });
  expect(pageOf(player)).toMatchObject({
    title: 'Watchdog absent',
    verdict: 'inconclusive',
    alerts: [{ kind: 'heartbeat' }],
  });
});

it('the next beat ends the absence, and the time of the absence is no interval', () => {
  const player = played(...beats, '20m', '60m alert - Watchdog start=0s');
  expect(alertOf(player, 'Watchdog/-')).toMatchObject({ status: 'resolved', endsAtMs: originMs + 3_600_000 });
  expect(incidentOf(player).quietSinceMs).toBe(originMs + 3_600_000);
  expect(player.state.heartbeats.get('am/Watchdog/-')).toMatchObject({ isAbsent: false, longestGapMs: 240_000 });
});

it('every beat is counted as suppressed, by kind and by rule', () => {
  const [count] = effectsOf(played(...beats), 'count');
  expect(count).toMatchObject({ field: 'suppressed', alert: { kind: 'heartbeat', suppressedBy: 'heartbeat' } });
});

it('a heartbeat that is gone for a week is forgotten, and the next beat ends its absence still', () => {
  const week = 7 * 86_400_000;
  const player = played(...beats);
  player.passTo(player.atMs + week - 1);
  expect(player.state.heartbeats.size).toBe(1);
  player.passTo(player.atMs + 1);
  expect(player.state.heartbeats.size).toBe(0);
  expect(player.restart()).toContain('the same state');
  playLine(player, `${player.atMs - originMs}ms alert - Watchdog start=0s`);
  expect(alertOf(player, 'Watchdog/-').status).toBe('resolved');
});

it('of too many heartbeats, one that never came a second time goes', () => {
  const many = Array.from({ length: 1000 }, (_, n) => `9m alert - Watchdog fp=w${n}`);
  const player = played(...beats, ...many);
  expect(player.state.heartbeats.size).toBe(1000);
  expect(player.state.heartbeats.has('am/Watchdog/-')).toBe(true);
  expect(player.state.heartbeats.has('am/w0')).toBe(false);
});
