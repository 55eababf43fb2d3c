/** The windows of a rule, from its recurrence (RFC 5545). */
import { RRuleTemporal } from 'rrule-temporal';

export interface Recurrence {
  /** Wall time of the first window, `2026-12-01T22:00:00`. */
  readonly start: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly durationMs: number;
  /** `FREQ=WEEKLY;BYDAY=SU`; null: one window. */
  readonly rrule: string | null;
}

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Daily for nearly three years. A rule that needs more is written too finely. */
const maxWindows = 1000;

/**
 * All windows until the rule expires, in rising order; those that touch are one. Windows follow the wall clock of the time zone, so 22:00
 * stays 22:00 over a change of summer time. Throws a RangeError or Error for a recurrence that cannot be read or has too many windows.
 */
export function windowsOf(recurrence: Recurrence, expiresAtMs: number): Window[] {
  const starts = ruleOf(recurrence)
    .all(({ epochMilliseconds }, index) => epochMilliseconds < expiresAtMs && index <= maxWindows)
    .map(({ epochMilliseconds }) => epochMilliseconds);
  if (starts.length > maxWindows) throw new RangeError(`more than ${maxWindows} windows until the rule expires`);
  const windows = starts.map((fromMs) => ({ fromMs, untilMs: Math.min(fromMs + recurrence.durationMs, expiresAtMs) }));
  return joined(windows.filter(({ fromMs }) => fromMs < expiresAtMs));
}

/** The windows that begin within a range, each by itself, in rising order. Costs what the range holds, however long ago the first one was. */
export function windowsBetween(recurrence: Recurrence, { fromMs, untilMs }: Window): Window[] {
  return ruleOf(recurrence)
    .between(new Date(fromMs), new Date(untilMs), true)
    .map(({ epochMilliseconds }) => ({
      fromMs: epochMilliseconds,
      untilMs: epochMilliseconds + recurrence.durationMs,
    }));
}

/** The instant of a wall time. */
export function instantOf(wallTime: string, timeZone: string): number {
  const [first] = ruleOf({ start: wallTime, timeZone, durationMs: 0, rrule: null }).all();
  if (first === undefined) throw new RangeError(`no such time: ${wallTime}`);
  return first.epochMilliseconds;
}

function ruleOf({ start, timeZone, rrule }: Recurrence): RRuleTemporal {
  const begin = start.replaceAll(/[-:]/g, '');
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=${timeZone}:${begin}\nRRULE:${rrule ?? 'FREQ=DAILY;COUNT=1'}`,
  });
}

/** What is held back must not leave in the moment between two windows. */
function joined(windows: readonly Window[]): Window[] {
  const result: Window[] = [];
  for (const window of windows) {
    const last = result.at(-1);
    if (last === undefined || window.fromMs > last.untilMs) result.push(window);
    else result[result.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, window.untilMs) };
  }
  return result;
}
