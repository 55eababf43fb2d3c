import { describe, expect, it } from 'vitest';
import { readScheduleFile } from './schedule-file.ts';
import { nextChangeMs, peopleAt, type Shift } from './shift.ts';

const at = (text: string) => Date.parse(text);
const range = { fromMs: at('2026-10-01T00:00:00Z'), untilMs: at('2026-11-30T00:00:00Z') };
const text = `
people:
  - { name: mira, contact: mira@example.com }
  - { name: bob }
  - { name: ann }
schedules:
  - name: shop
    timeZone: Europe/Berlin
    layers:
      - { people: [mira, bob], start: 2024-01-01T09:00:00 }
      - people: [ann]
        start: 2026-01-01T00:00:00
        hours: { start: 2026-01-01T22:00:00, durationMs: 28800000, rrule: FREQ=DAILY }
    overrides:
      - { person: bob, from: 2026-10-13T10:00:00Z, until: 2026-10-13T12:00:00Z }
`;
const shifts = readScheduleFile(text, 'shop', range);
const names = (time: string) => peopleAt(shifts, at(time)).map(({ name }) => name);

describe('who is on call', () => {
  it.each([
    ['a turn, counted from the first one years ago', '2026-10-06T12:00:00Z', 'mira'],
    ['until the handover at nine by the wall clock', '2026-10-12T06:59:59Z', 'mira'],
    ['the next turn', '2026-10-12T07:00:00Z', 'bob'],
    ['the handover after the end of summer time', '2026-10-26T07:59:59Z', 'mira'],
    ['is an hour later in UTC', '2026-10-26T08:00:00Z', 'bob'],
    ['a later layer, in its hours', '2026-10-12T20:00:00Z', 'ann'],
    ['not after them', '2026-10-13T04:00:00Z', 'bob'],
    ['an exception goes before all layers', '2026-10-13T10:30:00Z', 'bob'],
  ])('%s', (_name, time, person) => expect(names(time)).toEqual([person]));

  it('knows the contact, and when it changes', () => {
    expect(peopleAt(shifts, at('2026-10-06T12:00:00Z'))).toEqual([{ name: 'mira', contact: 'mira@example.com' }]);
    expect(nextChangeMs(shifts, at('2026-10-06T12:00:00Z'))).toBe(at('2026-10-06T20:00:00Z'));
    expect(nextChangeMs([], 0)).toBeNull();
  });

  it('nobody before the first turn', () => expect(names('2023-01-01T00:00:00Z')).toEqual([]));
});

it('several of one rank are on call together, each once', () => {
  const shift = (name: string, rank = 0): Shift => ({ fromMs: 0, untilMs: 10, person: { name, contact: '' }, rank });
  expect(peopleAt([shift('a'), shift('b'), shift('a')], 5).map(({ name }) => name)).toEqual(['a', 'b']);
  expect(peopleAt([shift('a'), shift('b', 1)], 5).map(({ name }) => name)).toEqual(['b']);
  expect(peopleAt([shift('a')], 10)).toEqual([]);
});

it('a layer may end', () => {
  const ending = text.replace('start: 2024-01-01T09:00:00', 'start: 2024-01-01T09:00:00, end: 2026-10-07T00:00:00');
  const ended = readScheduleFile(ending, 'shop', range);
  expect(peopleAt(ended, at('2026-10-06T12:00:00Z'))).toHaveLength(1);
  expect(peopleAt(ended, at('2026-10-07T12:00:00Z'))).toEqual([]);
});

describe('says what is wrong', () => {
  it.each([
    ['an unknown schedule', text, 'pay', 'no schedule pay; the file has shop'],
    ['an unknown person', text.replace('[ann]', '[eve]'), 'shop', 'not eve'],
    ['an unknown time zone', text.replace('Berlin', 'Berln'), 'shop', 'IANA time zone'],
    ['a start in UTC', text.replace('09:00:00 }', '09:00:00Z }'), 'shop', 'a wall time without Z'],
    ['an unknown field', text.replace('hours:', 'hour:'), 'shop', 'hour'],
    ['an empty file', '', 'shop', 'schedules'],
  ])('%s', (_name, changed, name, expected) => {
    expect(() => readScheduleFile(changed, name, range)).toThrow(expected);
  });
});
