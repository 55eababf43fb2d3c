import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';

export const emailConfig = z.strictObject({
  type: z.literal('email'),
  ...commonChannelKeys,
  host: z.string().min(1).describe('SMTP server.'),
  port: z.int().min(1).max(65_535).default(587).describe('Port.'),
  tls: z
    .enum(['starttls', 'implicit', 'dangerously-none'])
    .default('starttls')
    .describe(
      '`starttls`: refused without it. `implicit`: TLS from the first byte (port 465). `dangerously-none`: in clear.',
    ),
  user: z.string().nullable().default(null).describe('Login. Null: none.'),
  password: secret().nullable().default(null).describe('Password of the login.'),
  caFile: z
    .string()
    .nullable()
    .default(null)
    .describe('File with certificates to trust, PEM. Null: those of the system.'),
  from: z.email().describe('Address of the sender.'),
  to: z.array(z.email()).min(1).describe('Addresses that get the page.'),
  ...httpChannelKeys,
  dangerouslyAllowLinkLocal: z.boolean().default(false).describe('Allow link-local and metadata addresses.'),
});
export type EmailConfig = z.output<typeof emailConfig>;
