import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { commonChannelKeys, httpChannelKeys, secretUrl } from '../common-config.ts';

export const webhookConfig = z.strictObject({
  type: z.literal('webhook'),
  ...commonChannelKeys,
  url: secretUrl().describe(
    'Address that pages are posted to. Printed masked, because such addresses often hold a key.',
  ),
  secret: secret().describe('Key of the signature: HMAC-SHA256 over `timestamp.body`, in `X-Faultline-Signature`.'),
  template: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe(
      'Body with placeholders, for receivers with a format of their own: `{ text: "{{page.headline}}" }`. Null: the published format.',
    ),
  ...httpChannelKeys,
  dangerouslyAllowLinkLocal: z.boolean().default(false).describe('Allow link-local and metadata addresses.'),
});
export type WebhookConfig = z.infer<typeof webhookConfig>;
