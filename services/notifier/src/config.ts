import { z } from 'zod';
import { channelConfig } from './channels/list.ts';
import { routeConfig } from './stages/route.ts';

/** The `notifier` section. */
export const notifierConfig = z
  .strictObject({
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe(
        'Where people reach the console: links in pages begin with it. Null: where this process serves HTTP, which is right on one machine only.',
      ),
    timeZone: z
      .string()
      .refine(isTimeZone, 'an IANA time zone as `Europe/Berlin`')
      .default('UTC')
      .describe('Times in pages are shown in it.'),
    channels: z
      .array(channelConfig)
      .default([{ type: 'console', name: 'console', fallback: null }])
      .describe('Where pages go. Without any configured they are printed to stdout.'),
    routes: z
      .array(routeConfig)
      .default([])
      .describe(
        'Which channels are told of what. An incident that no route matches goes to all channels that are not only a fallback.',
      ),
    retryBaseMs: z
      .int()
      .min(10)
      .default(1000)
      .describe('First step of the wait between tries; it doubles each time, fully jittered.'),
    retryMaxMs: z.int().min(10).default(60_000).describe('Longest wait between tries.'),
    maxRefusals: z
      .int()
      .min(1)
      .default(3)
      .describe('Tries before a page that a channel refuses counts as failed and goes to the fallback.'),
    maxHeldPerChannel: z
      .int()
      .min(1)
      .default(1000)
      .describe('Pages of one channel held in memory while it cannot be reached; more wait in the log.'),
  })
  .superRefine((config, context) => {
    const names = config.channels.map(({ name }) => name);
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) problem(['channels', index, 'name'], 'a name that no other channel has');
    });
    config.channels.forEach(({ fallback, name }, index) => {
      if (fallback !== null && (!names.includes(fallback) || fallback === name))
        problem(
          ['channels', index, 'fallback'],
          `another channel: ${names.filter((other) => other !== name).join(', ')}`,
        );
    });
    config.routes.forEach((route, index) => {
      route.channels.forEach((name, at) => {
        if (!names.includes(name)) problem(['routes', index, 'channels', at], `a channel: ${names.join(', ')}`);
      });
    });
  });
export type NotifierConfig = z.infer<typeof notifierConfig>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
