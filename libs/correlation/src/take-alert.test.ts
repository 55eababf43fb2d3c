/** Every record is counted exactly once, and each one says where the alert is now. */
import { expect, it } from 'vitest';
import { alertOf, effectsOf, played } from './testing/played.ts';
import { originMs } from './testing/player.ts';

const lastCount = (...lines: readonly string[]) => effectsOf(played(...lines), 'count').at(-1)?.field;
const suppress =
  '0s config revisionScheduleMs=[] suppress=[{"name":"n","match":{"service":"db"},"fromMs":null,"untilMs":null}]';

it.each([
  ['a new alert', ['0s alert db Slow'], 'inIncidents'],
  ['a repetition', ['0s alert db Slow', '1s alert db Slow start=0s'], 'duplicates'],
  ['another severity', ['0s alert db Slow', '1s alert db Slow severity=warning'], 'inIncidents'],
  ['its end', ['0s alert db Slow', '1s alert db Slow resolved'], 'inIncidents'],
  ['an end before the start', ['0s alert db Slow', '1s alert db Slow resolved end=-5s'], 'suppressed'],
  ['an end without its firing', ['0s alert db Slow resolved'], 'suppressed'],
  ['a suppressed one', [suppress, '1s alert db Slow'], 'suppressed'],
])('%s', (_what, lines, field) => expect(lastCount(...lines)).toBe(field));

it('every record is counted by its kind, and by the rule that suppressed it', () => {
  const last = (...lines: readonly string[]) => effectsOf(played(...lines), 'count').at(-1)?.alert;
  expect(last('0s alert db Slow')).toEqual({ kind: 'fault', suppressedBy: null });
  expect(last(suppress, '1s alert db Slow')).toEqual({ kind: 'fault', suppressedBy: 'n' });
  expect(last('0s alert db Watchdog')).toEqual({ kind: 'heartbeat', suppressedBy: 'heartbeat' });
  expect(last('0s alert db DatasourceNoData')).toEqual({ kind: 'no-data', suppressedBy: null });
});

it('a repetition prolongs the life of an alert, a stale record does not', () => {
  const first = '0s alert db Slow expires=1m';
  expect(alertOf(played(first, '50s alert db Slow expires=1m'), 'Slow/db').lastReceivedMs).toBe(originMs + 50_000);
  const ended = played(first, '20s alert db Slow resolved', '50s alert db Slow expires=1m start=0s');
  expect(alertOf(ended, 'Slow/db').lastReceivedMs).toBe(originMs);
});

it('a source that stops sending an expiry is no longer expected to repeat', () => {
  const player = played('0s alert db Slow expires=1m', '50s alert db Slow', '10m');
  expect(alertOf(player, 'Slow/db').status).toBe('firing');
});

it('a suppressed alert leaves no trace in the state', () => {
  expect(played(suppress, '1s alert db Slow').state.alerts.size).toBe(0);
});
