import { z } from 'zod';

/** Settings of every channel. */
export const commonChannelKeys = {
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, `.`, `_` and `-`')
    .describe('Name in routes, logs and deliveries. Do not change it later: a new name is a new target.'),
  fallback: z.string().nullable().default(null).describe('Fallback channel after a permanent failure. Null: none.'),
};

/** Settings of channels that use HTTP. */
export const httpChannelKeys = {
  timeoutMs: z.int().min(100).max(120_000).default(10_000).describe('Longest time of one try.'),
};
