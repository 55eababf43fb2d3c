/** On-call shifts from a calendar in the format of RFC 5545, as PagerDuty, Opsgenie, Grafana and calendars export it. */
import { setImmediate } from 'node:timers/promises';
import { expandRecurringEvent, async as ical, type VEvent } from 'node-ical';
import { checkCount, type Person, type Range, type Shift } from './shift.ts';

/**
 * The shifts of a calendar. An event's person is its attendee, or its summary. `summary` tells where in the summary the name is: `On Call - {name}`.
 * Throws an error with a text for people when it is no calendar.
 */
export async function readCalendar(text: string, summary: string | null, range: Range): Promise<readonly Shift[]> {
  if (!/^\s*BEGIN:VCALENDAR/i.test(text)) throw new Error('expected a calendar that begins with BEGIN:VCALENDAR');
  // A connection that breaks off leaves the first part, without the shifts of the others.
  if (!/END:VCALENDAR\s*$/i.test(text.slice(-1000)))
    throw new Error('expected a whole calendar, to END:VCALENDAR, of at most 4 MiB');
  if (minuteList.test(text.replaceAll(/\r?\n[ \t]/g, '')))
    throw new Error('expected shifts that begin in one minute of an hour, without lists in BYMINUTE and BYSECOND');
  const components = Object.values(await ical.parseICS(text));
  const events = components.filter((one): one is VEvent => one?.type === 'VEVENT' && one.status !== 'CANCELLED');
  const shifts: Shift[] = [];
  for (const event of events) {
    shifts.push(...shiftsOf(event, summary, range));
    checkCount(shifts);
    // Pages must not wait for a calendar with many rules that began long ago.
    await setImmediate();
  }
  return shifts;
}

/** With such lists, one short rule has a shift in each second. */
const minuteList = /^RRULE[:;].*BY(?:MINUTE|SECOND)=[^;\r\n]*,/im;

function shiftsOf(event: VEvent, summary: string | null, { fromMs, untilMs }: Range): readonly Shift[] {
  const instances = expandRecurringEvent(event, {
    from: new Date(fromMs),
    to: new Date(untilMs),
    expandOngoing: true,
  });
  return instances.flatMap(({ start, end, event: source }) => {
    const person = personOf(source, summary);
    return person === null ? [] : [{ fromMs: start.getTime(), untilMs: end.getTime(), person, rank: 0 }];
  });
}

function personOf({ summary, attendee }: VEvent, pattern: string | null): Person | null {
  const text = textOf(summary).trim();
  const first = Array.isArray(attendee) ? attendee[0] : attendee;
  const mail = textOf(first).replace(/^mailto:/i, '');
  const common = typeof first === 'object' ? (first.params.CN ?? '') : '';
  const name = pattern === null ? common || text || mail : nameIn(text, pattern);
  return name === '' ? null : { name, contact: mail };
}

/** Values with parameters come as objects. */
function textOf(value: string | { readonly val: string } | undefined): string {
  return typeof value === 'object' ? value.val : (value ?? '');
}

/** `mira` of `On Call - mira - shop` by `On Call - {name} - shop`. The summary itself where it does not fit. */
function nameIn(text: string, pattern: string): string {
  const [before = '', after = ''] = pattern.split('{name}', 2);
  const fits = text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length;
  return fits ? text.slice(before.length, text.length - after.length).trim() : text;
}
