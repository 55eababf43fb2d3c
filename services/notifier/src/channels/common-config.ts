import { triageLevels } from '@faultline/model';
import { Secret } from '@faultline/runtime';
import { z } from 'zod';

/** Settings of every channel. */
export const commonChannelKeys = {
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, `.`, `_` and `-`')
    .describe('Name in routes, logs and deliveries. Do not change it later: a new name is a new target.'),
  levels: z
    .array(z.enum(triageLevels))
    .min(1)
    .optional()
    .describe(
      'Levels of triage that the channel takes. Default: `page`; for Jira and ServiceNow also `ticket`; for Kafka, CDEvents and the console all.',
    ),
  fallback: z.string().nullable().default(null).describe('Fallback channel after a permanent failure. Null: none.'),
};

/** Settings of channels that use HTTP. */
export const httpChannelKeys = {
  timeoutMs: z.int().min(100).max(120_000).default(10_000).describe('Longest time of one try.'),
};

/** An address that holds a key. It is printed masked. */
export function secretUrl() {
  return z
    .url({ protocol: /^https?$/ })
    .transform((url) => new Secret(url))
    .meta({ secret: true });
}

/** The address of a receiver's API. */
export function apiUrl(usual: string) {
  return z
    .url({ protocol: /^https?$/ })
    .default(usual)
    .describe('Base address of the API.');
}

/** Whom to notify by name when the cause is found: teams of the catalogue, in the channel's own notation. */
export function mentions(notation: string) {
  return z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      `Who is mentioned for a team, or for a person on call: ${notation}. Without an entry the page names the team or person as text.`,
    );
}
