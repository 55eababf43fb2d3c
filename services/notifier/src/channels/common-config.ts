import { z } from 'zod';

/** Keys that every channel has. */
export const commonChannelKeys = {
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, `.`, `_` and `-`')
    .describe('Its name in routes, logs and deliveries. Keep it: a new name is a new target.'),
  fallback: z
    .string()
    .nullable()
    .default(null)
    .describe('The channel that is told instead when this one refuses a page for good.'),
};

/** Keys of channels that speak HTTP. */
export const httpChannelKeys = {
  timeoutMs: z.int().min(100).max(120_000).default(10_000).describe('How long one try may take.'),
};
