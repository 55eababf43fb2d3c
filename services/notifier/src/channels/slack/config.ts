import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { commonChannelKeys, httpChannelKeys, mentions } from '../common-config.ts';

export const slackConfig = z.strictObject({
  type: z.literal('slack'),
  ...commonChannelKeys,
  token: secret().describe(
    'Bot token (`xoxb-…`) with chat:write. With channels:history or groups:history it also finds a message after a crash.',
  ),
  channel: z.string().min(1).describe('Id of the channel (`C0123456789`). A name works for posting only.'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://slack.com/api/')
    .describe('Base address of Slack’s Web API.'),
  signingSecret: secret()
    .nullable()
    .default(null)
    .describe(
      'Signing secret of the app. With it pages have buttons; set the app’s interactivity address to `/callbacks/NAME`. Null: no buttons.',
    ),
  appToken: secret()
    .nullable()
    .default(null)
    .describe(
      'App-level token (`xapp-…`) with connections:write. With it buttons come back by Socket Mode: Faultline need not be reachable from outside. Null: by `signingSecret`.',
    ),
  mentions: mentions('a user (`U…`), a user group (`S…`)'),
  ...httpChannelKeys,
});
export type SlackConfig = z.infer<typeof slackConfig>;
