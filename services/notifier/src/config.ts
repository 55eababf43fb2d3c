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
        'Address of the console, for the links in pages. Null: the HTTP address of this process, which works on one machine only.',
      ),
    timeZone: z
      .string()
      .refine(isTimeZone, 'an IANA time zone as `Europe/Berlin`')
      .default('UTC')
      .describe('Time zone of the times in pages.'),
    channels: z
      .array(channelConfig)
      .default([{ type: 'console', name: 'console', fallback: null }])
      .describe('Where pages go. Without channels they are printed to stdout.'),
    routes: z
      .array(routeConfig)
      .default([])
      .describe(
        'Which incidents go to which channels. An incident goes to the channels of all routes that match, not of the first one; without a match, to all channels that are not a fallback.',
      ),
    proxyUrl: z
      .url({ protocol: /^http$/ })
      .nullable()
      .default(null)
      .describe('Proxy of all requests to channels. HTTPS goes through a tunnel (CONNECT). Null: none.'),
    noProxy: z
      .string()
      .default('')
      .describe('Hosts that are reached without the proxy, as in NO_PROXY: `pager.internal,.corp.example`.'),
    retryBaseMs: z
      .int()
      .min(10)
      .default(1000)
      .describe('First wait between tries. It doubles each time, with full jitter.'),
    retryMaxMs: z.int().min(10).default(60_000).describe('Longest wait between tries.'),
    maxRefusals: z
      .int()
      .min(1)
      .default(3)
      .describe('Tries of a refused page before it counts as failed and goes to the fallback.'),
    maxHeldPerChannel: z
      .int()
      .min(1)
      .default(1000)
      .describe('Pages of one channel held in memory while it cannot be reached. Further ones wait in the log.'),
  })
  .superRefine((config, context) => {
    const names = config.channels.map(({ name }) => name);
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    names.forEach((name, index) => {
      if (names.indexOf(name) !== index) problem(['channels', index, 'name'], 'a unique name');
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
