import { expect, it } from 'vitest';
import { newRecord } from '../testing/record.ts';
import { createAlertState } from './create.ts';

it('a new alert is in no incident, and expiry counts from its receipt', () => {
  const alert = createAlertState(newRecord({ startsAtMs: 100, expiresAfterMs: 60 }), 'am/a', 500);
  expect([alert.incidentId, alert.reason, alert.provisional, alert.flaps]).toEqual([null, null, false, 0]);
  expect([alert.startsAtMs, alert.lastReceivedMs, alert.expiresAfterMs]).toEqual([100, 500, 60]);
});

it.each([
  ['a firing alert has no end, whatever its source sends', newRecord({ endsAtMs: 300 }), null],
  ['an end is the event time', newRecord({ status: 'resolved', endsAtMs: 300, receivedAtMs: 400 }), 300],
  ['without one it is the receipt', newRecord({ status: 'resolved', endsAtMs: null, receivedAtMs: 400 }), 400],
] as const)('%s', (_what, record, endsAtMs) => {
  expect(createAlertState(record, 'am/a', 500).endsAtMs).toBe(endsAtMs);
});

it('a long name is cut, and a long link is left out', () => {
  const state = createAlertState(newRecord({ name: 'n'.repeat(2000), url: 'u'.repeat(5000) }), 'k', 0);
  expect([state.name.length, state.url]).toEqual([1000, '']);
});
