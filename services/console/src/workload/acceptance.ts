/** Until when a difference is accepted, in days of the person's own time zone. */

/** The API takes an end that is at most a year away. */
export const acceptanceDays = { least: 1, usual: 30, most: 364 } as const;

const dayMs = 86_400_000;

/** The date some days later, as a date field has it: `2026-04-01`. */
export function dateAfter(nowMs: number, days: number): string {
  const day = new Date(nowMs + days * dayMs);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** The last second of a date, as ISO 8601 in UTC. */
export function endOfDay(date: string): string {
  return new Date(`${date}T23:59:59`).toISOString();
}
