import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { optionalRecurrence, ruleHead, ruleWindows, withRecurrence } from './rule-config.ts';

const schema = withRecurrence(z.strictObject({ ...ruleHead, ...optionalRecurrence }));
const head = { name: 'nightly', owner: 'shop', expiresAt: '2026-10-26T12:00:00Z' };
const windows = { start: '2026-10-24T22:00:00', durationMs: 3_600_000, timeZone: 'Europe/Berlin', rrule: 'FREQ=DAILY' };

it('a rule holds until it expires, or in its windows', () => {
  const untilMs = Date.parse(head.expiresAt);
  expect(ruleWindows(schema.parse(head))).toEqual([{ fromMs: 0, untilMs }]);
  const opened = ruleWindows(schema.parse({ ...head, ...windows })).map(({ fromMs }) => new Date(fromMs).toISOString());
  expect(opened).toEqual(['2026-10-24T20:00:00.000Z', '2026-10-25T21:00:00.000Z']);
});

describe('names the field that is wrong', () => {
  it.each([
    ['an owner is missing', { owner: '' }, 'owner'],
    ['an end is missing', { expiresAt: undefined }, 'expiresAt'],
    ['an unknown time zone', { ...windows, timeZone: 'Europe/Berln' }, 'timeZone'],
    ['a recurrence that is none', { ...windows, rrule: 'FREQ=SOMETIMES' }, 'rrule'],
    ['a start in UTC beside a time zone', { ...windows, start: '2026-10-24T22:00:00Z' }, 'start'],
    ['a start without a length', { ...windows, durationMs: null }, 'durationMs'],
    ['a recurrence without a start', { rrule: 'FREQ=DAILY' }, 'rrule'],
    [
      'too many windows',
      { ...windows, rrule: 'FREQ=MINUTELY', durationMs: 1, expiresAt: '2027-01-01T00:00:00Z' },
      'rrule',
    ],
  ])('%s', (_name, over, path) => {
    const { error } = schema.safeParse({ ...head, ...over });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});
