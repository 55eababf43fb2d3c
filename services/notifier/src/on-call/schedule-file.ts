/** Schedules in a YAML file: layers of people who take turns, and exceptions. docs/on-call.md describes the format. */
import { instantOf, isTimeZone, windowsBetween } from '@faultline/runtime';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Person, Range, Shift } from './shift.ts';

const wallTime = z.iso
  .datetime({ local: true })
  .refine((time) => !time.endsWith('Z'), 'a wall time without Z, such as 2026-01-05T09:00:00');
const instant = z.iso.datetime({ offset: true });
const hours = z.strictObject({
  start: wallTime,
  durationMs: z.int().positive(),
  rrule: z.string().min(1),
});

const layer = z.strictObject({
  people: z.array(z.string().min(1)).min(1),
  start: wallTime,
  end: wallTime.nullable().default(null),
  turnDays: z.int().min(1).max(366).default(7),
  hours: hours.nullable().default(null),
});

const override = z.strictObject({ person: z.string().min(1), from: instant, until: instant });

const schedule = z.strictObject({
  name: z.string().min(1),
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin').default('UTC'),
  layers: z.array(layer).min(1),
  overrides: z.array(override).default([]),
});

const scheduleFile = z
  .strictObject({
    people: z.array(z.strictObject({ name: z.string().min(1), contact: z.string().default('') })).default([]),
    schedules: z.array(schedule).min(1),
  })
  .superRefine(({ people, schedules }, context) => {
    const known = new Set(people.map(({ name }) => name));
    if (known.size === 0) return;
    schedules.forEach((one, at) => {
      const named = [...one.layers.flatMap((each) => each.people), ...one.overrides.map(({ person }) => person)];
      for (const name of named.filter((each) => !known.has(each)))
        context.addIssue({ code: 'custom', path: ['schedules', at], message: `a person of \`people\`, not ${name}` });
    });
  });

type Schedule = z.output<typeof schedule>;
type Layer = Schedule['layers'][number];

/** The shifts of one schedule of a file. Throws an error with a text for people. */
export function readScheduleFile(text: string, name: string, range: Range): readonly Shift[] {
  const parsed = scheduleFile.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { people, schedules } = parsed.data;
  const found = schedules.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`no schedule ${name}; the file has ${schedules.map((one) => one.name).join(', ')}`);
  const contacts = new Map(people.map((person) => [person.name, person.contact]));
  const personOf = (one: string): Person => ({ name: one, contact: contacts.get(one) ?? '' });
  return shiftsOf(found, personOf, range);
}

/** A later layer is stronger than an earlier one, and an exception is stronger than all of them. */
function shiftsOf(
  { layers, overrides, timeZone }: Schedule,
  personOf: (name: string) => Person,
  range: Range,
): Shift[] {
  return [
    ...layers.flatMap((one, rank) => layerShifts(one, { timeZone, rank, personOf, range })),
    ...overrides.map(({ person, from, until }) => ({
      fromMs: Date.parse(from),
      untilMs: Date.parse(until),
      person: personOf(person),
      rank: layers.length,
    })),
  ];
}

interface LayerPlace {
  readonly timeZone: string;
  readonly rank: number;
  readonly personOf: (name: string) => Person;
  readonly range: Range;
}

const dayMs = 86_400_000;

function layerShifts(one: Layer, { timeZone, rank, personOf, range }: LayerPlace): Shift[] {
  const turnMs = one.turnDays * dayMs;
  // A turn that began before the range may reach into it, and a change of summer time moves it by an hour.
  const reach = { fromMs: range.fromMs - turnMs - dayMs, untilMs: range.untilMs };
  const rrule = `FREQ=DAILY;INTERVAL=${one.turnDays}`;
  const turns = windowsBetween({ start: one.start, timeZone, durationMs: turnMs, rrule }, reach);
  const firstMs = instantOf(one.start, timeZone);
  const lastMs = one.end === null ? Number.POSITIVE_INFINITY : instantOf(one.end, timeZone);
  const hoursOf = one.hours === null ? [range] : windowsBetween({ ...one.hours, timeZone }, reach);
  return turns.flatMap(({ fromMs, untilMs }, at) => {
    // The wall clock decides when the next turn begins, so a turn may have an hour more or less.
    const endMs = Math.min(turns[at + 1]?.fromMs ?? untilMs, lastMs);
    const turn = Math.round((fromMs - firstMs) / turnMs);
    const person = one.people[turn % one.people.length];
    if (person === undefined) return [];
    return hoursOf
      .map((open) => ({ fromMs: Math.max(fromMs, open.fromMs), untilMs: Math.min(endMs, open.untilMs) }))
      .filter((part) => part.fromMs < part.untilMs)
      .map((part) => ({ ...part, person: personOf(person), rank }));
  });
}
