/** The configuration of schedules: where Faultline reads who is on call. */
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { apiUrl, httpChannelKeys, secretUrl } from '../channels/common-config.ts';

const name = z
  .string()
  .regex(/^[\w.-]+$/, 'letters, digits, `.`, `_` and `-`')
  .describe('Name of the schedule in `notifier.escalations`, on pages and in the API.');
const vendorSchedule = z.string().min(1);

export const scheduleConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('file').describe('Layers of people who take turns, in the YAML format of docs/on-call.md.'),
    name,
    path: z.string().min(1).describe('The file. It is read again when it changes.'),
    schedule: z.string().nullable().default(null).describe('Name of the schedule in the file. Null: the same name.'),
  }),
  z.strictObject({
    type: z.literal('ical').describe('A calendar (RFC 5545) whose events are the shifts.'),
    name,
    path: z.string().nullable().default(null).describe('A file with the calendar. Either this or `url`.'),
    url: secretUrl().nullable().default(null).describe('Address of the calendar. It usually holds a key.'),
    summary: z
      .string()
      .includes('{name}')
      .nullable()
      .default(null)
      .describe(
        'Where the name is in the title of an event: `On Call - {name}`. Null: the attendee, or the whole title.',
      ),
    ...httpChannelKeys,
  }),
  z.strictObject({
    type: z.literal('pagerduty').describe('A schedule of PagerDuty.'),
    name,
    schedule: vendorSchedule.describe('Id of the schedule, as in its address.'),
    apiKey: secret().describe('REST API key. Read-only is enough.'),
    apiUrl: apiUrl('https://api.pagerduty.com/'),
    ...httpChannelKeys,
  }),
  z.strictObject({
    type: z.literal('opsgenie').describe('A schedule of Opsgenie.'),
    name,
    schedule: vendorSchedule.describe('Id or name of the schedule.'),
    apiKey: secret().describe('API key with the right to read the configuration.'),
    apiUrl: apiUrl('https://api.opsgenie.com/'),
    ...httpChannelKeys,
  }),
]);
export type ScheduleConfig = z.infer<typeof scheduleConfig>;
