import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';

export const pagerdutyConfig = z.strictObject({
  type: z.literal('pagerduty'),
  ...commonChannelKeys,
  routingKey: secret().describe('Integration key of a service (Events API v2), or of an orchestration.'),
  region: z.enum(['us', 'eu']).default('us').describe('Service region of the account.'),
  apiToken: secret()
    .nullable()
    .default(null)
    .describe(
      'REST API key. With it Faultline enriches incidents that PagerDuty already has instead of paging again, and a cause that is found later becomes the title and a note.',
    ),
  from: z.email().nullable().default(null).describe('Login of a user. Account keys need it for notes and titles.'),
  causeField: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Name of a text custom field of incidents that gets the likely cause. Null: none.'),
  webhookSecret: secret()
    .nullable()
    .default(null)
    .describe('Secret of the v3 webhook subscription that sends to `/callbacks/NAME`. Null: nothing comes back.'),
  eventsUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('Base address of the Events API. Null: that of the region.'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('Base address of the REST API. Null: that of the region.'),
  ...httpChannelKeys,
});
export type PagerdutyConfig = z.output<typeof pagerdutyConfig>;

const hosts = {
  us: { events: 'https://events.pagerduty.com/', api: 'https://api.pagerduty.com/' },
  eu: { events: 'https://events.eu.pagerduty.com/', api: 'https://api.eu.pagerduty.com/' },
} as const;

export function urlsOf({ region, eventsUrl, apiUrl }: Pick<PagerdutyConfig, 'region' | 'eventsUrl' | 'apiUrl'>): {
  readonly events: string;
  readonly api: string;
} {
  return { events: asFolder(eventsUrl ?? hosts[region].events), api: asFolder(apiUrl ?? hosts[region].api) };
}

/** Paths are resolved against it, which would replace its last segment if it had no slash. */
function asFolder(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
