import { describe, expect, it } from 'vitest';
import { type Recurrence, windowsOf } from './windows.ts';

const hour = 3_600_000;
const nightly: Recurrence = {
  start: '2026-10-23T22:00:00',
  timeZone: 'Europe/Berlin',
  durationMs: 8 * hour,
  rrule: 'FREQ=DAILY',
};
const shown = (schedule: Partial<Recurrence>, expires: string) =>
  windowsOf({ ...nightly, ...schedule }, Date.parse(expires)).map(({ fromMs, untilMs }) =>
    [fromMs, untilMs].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' '),
  );

describe('windows', () => {
  it('follow the wall clock over the end of summer time', () => {
    expect(shown({}, '2026-10-26T12:00:00Z')).toEqual([
      '10-23T20:00 10-24T04:00',
      '10-24T20:00 10-25T04:00',
      '10-25T21:00 10-26T05:00',
    ]);
  });

  it('end when the rule expires', () => {
    expect(shown({}, '2026-10-24T21:00:00Z')).toEqual(['10-23T20:00 10-24T04:00', '10-24T20:00 10-24T21:00']);
    expect(shown({}, '2026-10-23T20:00:00Z')).toEqual([]);
  });

  it('are one without a recurrence', () => {
    expect(shown({ rrule: null }, '2027-01-01T00:00:00Z')).toEqual(['10-23T20:00 10-24T04:00']);
  });

  it('that touch are one', () => {
    expect(
      shown({ durationMs: 24 * hour, timeZone: 'UTC', start: '2026-10-01T00:00:00' }, '2026-10-05T00:00:00Z'),
    ).toEqual(['10-01T00:00 10-05T00:00']);
  });
});

it('what cannot be read, and too many windows, are errors', () => {
  expect(() => shown({ rrule: 'FREQ=SOMETIMES' }, '2027-01-01T00:00:00Z')).toThrow();
  expect(() => shown({ rrule: 'FREQ=MINUTELY', durationMs: 1 }, '2027-01-01T00:00:00Z')).toThrow(/more than 1000/);
});
