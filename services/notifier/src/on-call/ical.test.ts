import { expect, it } from 'vitest';
import { readCalendar } from './ical.ts';
import { peopleAt } from './shift.ts';

const at = (text: string) => Date.parse(text);
const range = { fromMs: at('2026-10-01T00:00:00Z'), untilMs: at('2026-11-30T00:00:00Z') };
/** A weekly shift that moves with the wall clock, one occurrence of which somebody else took over, and a single event. */
const calendar = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//test//EN',
  'BEGIN:VEVENT',
  'UID:weekly',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;TZID=Europe/Berlin:20260105T090000',
  'DTEND;TZID=Europe/Berlin:20260105T170000',
  'RRULE:FREQ=WEEKLY;BYDAY=MO',
  'SUMMARY:On Call - mira - shop',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:weekly',
  'DTSTAMP:20260101T000000Z',
  'RECURRENCE-ID;TZID=Europe/Berlin:20261012T090000',
  'DTSTART;TZID=Europe/Berlin:20261012T090000',
  'DTEND;TZID=Europe/Berlin:20261012T170000',
  'SUMMARY:On Call - bob - shop',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:once',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20261101T000000Z',
  'DTEND:20261102T000000Z',
  'SUMMARY:Weekend',
  'ATTENDEE;CN=Ann Lee:mailto:ann@example.com',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:cancelled',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20261103T000000Z',
  'DTEND:20261104T000000Z',
  'STATUS:CANCELLED',
  'SUMMARY:Eve',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

it.each([
  ['an occurrence in summer time', '2026-10-05T07:00:00Z', 'mira'],
  ['one in winter time', '2026-10-26T08:00:00Z', 'mira'],
  ['and not an hour before', '2026-10-26T07:59:00Z', undefined],
  ['one that somebody took over', '2026-10-12T08:00:00Z', 'bob'],
  ['outside of a shift', '2026-10-06T08:00:00Z', undefined],
  ['a cancelled event', '2026-11-03T08:00:00Z', undefined],
])('%s', async (_name, time, person) => {
  const shifts = await readCalendar(calendar, 'On Call - {name} - shop', range);
  expect(peopleAt(shifts, at(time))[0]?.name).toBe(person);
});

it('without a pattern the attendee is the person, or the title', async () => {
  const shifts = await readCalendar(calendar, null, range);
  expect(peopleAt(shifts, at('2026-11-01T12:00:00Z'))).toEqual([{ name: 'Ann Lee', contact: 'ann@example.com' }]);
  expect(peopleAt(shifts, at('2026-10-05T08:00:00Z'))[0]?.name).toBe('On Call - mira - shop');
});

it('a shift that began before the range counts', async () => {
  const late = { fromMs: at('2026-10-05T10:00:00Z'), untilMs: at('2026-10-05T11:00:00Z') };
  expect(peopleAt(await readCalendar(calendar, null, late), at('2026-10-05T10:30:00Z'))).toHaveLength(1);
});

it('a calendar that broke off is refused, so that the last shifts stay', async () => {
  await expect(readCalendar(calendar.slice(0, -200), null, range)).rejects.toThrow('END:VCALENDAR');
});

const withRule = (rule: string) => calendar.replace('RRULE:FREQ=WEEKLY;BYDAY=MO', `RRULE:${rule}`);

it.each([
  ['FREQ=DAILY;BYSECOND=0,\r\n 1,2', 'BYSECOND'],
  ['FREQ=DAILY;BYMINUTE=0,30', 'BYMINUTE'],
  ['FREQ=SECONDLY', 'iterations'],
])('a rule that would have too many shifts is refused: %s', async (rule, reason) => {
  await expect(readCalendar(withRule(rule), null, range)).rejects.toThrow(reason);
});

it('more shifts than a schedule has are refused', async () => {
  const event = calendar.slice(calendar.indexOf('BEGIN:VEVENT'), calendar.indexOf('END:VEVENT'));
  const hourly = (uid: number) =>
    `${event.replace('UID:weekly', `UID:${uid}`).replace('FREQ=WEEKLY;BYDAY=MO', 'FREQ=HOURLY')}END:VEVENT\r\n`;
  const many = Array.from({ length: 6 }, (_, index) => hourly(index)).join('');
  const text = calendar.replace('BEGIN:VEVENT', `${many}BEGIN:VEVENT`);
  await expect(readCalendar(text, null, range)).rejects.toThrow('at most 5000 shifts');
});

it('any number of people can be on call at once', () => {
  const person = { name: 'mira', contact: '' };
  const shifts = Array.from({ length: 200_000 }, () => ({ ...range, person, rank: 1 }));
  expect(peopleAt(shifts, range.fromMs)).toEqual([person]);
});

it('a page of a login is no calendar', async () => {
  await expect(readCalendar('<html>', null, range)).rejects.toThrow('BEGIN:VCALENDAR');
});
