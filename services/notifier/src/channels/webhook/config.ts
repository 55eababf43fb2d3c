import { Secret, secret } from '@faultline/runtime';
import { z } from 'zod';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';

export const webhookConfig = z.strictObject({
  type: z.literal('webhook'),
  ...commonChannelKeys,
  url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new Secret(url))
    .meta({ secret: true })
    .describe('Address that pages are posted to. Printed masked, because such addresses often hold a key.'),
  secret: secret().describe('Key of the signature: HMAC-SHA256 over `timestamp.body`, in `X-Faultline-Signature`.'),
  ...httpChannelKeys,
  dangerouslyAllowLinkLocal: z.boolean().default(false).describe('Allow link-local and metadata addresses.'),
});
export type WebhookConfig = z.infer<typeof webhookConfig>;
