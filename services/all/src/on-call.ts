/** `npm run config -- on-call [SCHEDULE]`: who is on call now, and until when. */
import { readOnCall } from '@faultline/notifier';
import type { Clock } from '@faultline/runtime';
import type { AppConfig } from './app-config.ts';

export interface OnCallReport {
  readonly text: string;
  /** Schedules that cannot be read, and a name that no schedule has. */
  readonly problems: readonly string[];
}

/** Reads the schedules of the configuration, or one of them. Never throws for one that cannot be read. */
export async function reportOnCall(
  { notifier }: Pick<AppConfig, 'notifier'>,
  clock: Clock,
  name?: string,
): Promise<OnCallReport> {
  const names = notifier.schedules.map((schedule) => schedule.name);
  if (names.length === 0) return { text: 'No schedule is configured: see docs/on-call.md.\n', problems: [] };
  if (name !== undefined && !names.includes(name))
    return { text: '', problems: [`no schedule ${name}; there are ${names.join(', ')}`] };
  const wanted = notifier.schedules.filter((schedule) => name === undefined || schedule.name === name);
  const { schedules, problems } = await readOnCall({ ...notifier, schedules: wanted }, clock);
  const lines = schedules.map(({ schedule, people, untilMs }) => {
    const who = people.map((person) => `${person.name} ${person.contact}`.trim()).join(', ') || 'nobody';
    return `${schedule}: ${who}${untilMs === null ? '' : `, until ${new Date(untilMs).toISOString()}`}\n`;
  });
  return { text: lines.join(''), problems };
}
