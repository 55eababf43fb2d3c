import { secret } from '@faultline/runtime';
import { z } from 'zod';

/**
 * The section `bus.registry` of the configuration. Without it, values carry their schema's fingerprint and no registry
 * is used.
 */
export const registryConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '', 'must not contain credentials; use `user` and `password`')
    .describe('Base URL of the Confluent Schema Registry API.'),
  user: z.string().min(1).optional().describe('User for basic authentication. Default: no authentication.'),
  password: secret().optional().describe('Password for basic authentication.'),
  timeoutMs: z.int().min(100).max(60_000).default(5_000).describe('Timeout of one request to the registry, ms.'),
});

export type RegistryConfig = z.infer<typeof registryConfig>;
