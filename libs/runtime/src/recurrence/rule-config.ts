/** What the configuration of every rule of people has: who answers for it, when it ends, and in which windows it holds. */
import { z } from 'zod';
import { type Recurrence, type Window, windowsOf } from './windows.ts';

/** Fields of a rule: name, owner, end. */
export const ruleHead = {
  name: z.string().min(1).describe('What the rule is called. The incident, the page and the API show it.'),
  owner: z.string().min(1).describe('The team that answers for the rule.'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .describe('The rule ends then: a time in RFC 3339. Rules without an end are forgotten.'),
};

const timing = {
  timeZone: z.string().min(1).default('UTC').describe('IANA name of the time zone of `start`.'),
  rrule: z
    .string()
    .nullable()
    .default(null)
    .describe('When it comes again, as in RFC 5545: `FREQ=WEEKLY;BYDAY=SU`. Null: one window.'),
};
/** A time with a `Z` would be read in UTC, whatever `timeZone` says. */
const start = z.iso
  .datetime({ local: true })
  .refine((time) => !time.endsWith('Z'), 'a wall time without Z, such as 2026-12-01T22:00:00');
const durationMs = z.int().positive();

/** Fields of a rule that holds in windows. */
export const recurrence = {
  start: start.describe('Wall time of the first window, `2026-12-01T22:00:00`.'),
  durationMs: durationMs.describe('How long each window lasts.'),
  ...timing,
};

/** Fields of a rule that may hold in windows. */
export const optionalRecurrence = {
  start: start
    .nullable()
    .default(null)
    .describe('Wall time of the first window, `2026-12-01T22:00:00`. Null: the rule holds until it expires.'),
  durationMs: durationMs.nullable().default(null).describe('How long each window lasts. Required with `start`.'),
  ...timing,
};

interface ScheduledRule {
  readonly expiresAt: string;
  readonly start: string | null;
  readonly durationMs: number | null;
  readonly timeZone: string;
  readonly rrule: string | null;
}

/** Refuses a time zone or a recurrence that cannot be read. */
export function withRecurrence<Schema extends z.ZodType<ScheduledRule>>(schema: Schema): Schema {
  return schema.superRefine((rule, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const isKnownZone = isTimeZone(rule.timeZone);
    if (!isKnownZone) problem('timeZone', 'an IANA time zone, such as Europe/Berlin');
    if ((rule.start === null) !== (rule.durationMs === null)) problem('durationMs', 'start and durationMs, or neither');
    if (rule.start === null && rule.rrule !== null) problem('rrule', 'start and durationMs with it');
    try {
      ruleWindows(isKnownZone ? rule : { ...rule, timeZone: 'UTC' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem('rrule', `a recurrence as in RFC 5545 (${reason})`);
    }
  });
}

/** The windows of a rule until it expires; from the beginning of time where it has no start. Throws as `windowsOf` does. */
export function ruleWindows({
  expiresAt,
  start: first,
  durationMs: lengthMs,
  timeZone,
  rrule,
}: ScheduledRule): Window[] {
  const untilMs = Date.parse(expiresAt);
  if (first === null || lengthMs === null) return [{ fromMs: 0, untilMs }];
  const schedule: Recurrence = { start: first, durationMs: lengthMs, timeZone, rrule };
  return windowsOf(schedule, untilMs);
}

/** Whether this is an IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
