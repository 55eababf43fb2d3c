import { secret } from '@faultline/runtime';
import { z } from 'zod';

/** `bus.registry`. Left out: values carry their schema's fingerprint, and no registry is asked. */
export const registryConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '', 'credentials belong in `user` and `password`')
    .describe('Where the registry has the API of the Confluent Schema Registry.'),
  user: z.string().min(1).optional().describe('For basic authentication; none when left out.'),
  password: secret().optional().describe('For basic authentication.'),
  timeoutMs: z.int().min(100).max(60_000).default(5_000).describe('Longest wait for an answer of the registry, ms.'),
});

export type RegistryConfig = z.infer<typeof registryConfig>;
