import { isTimeZone } from '@faultline/runtime';
import { z } from 'zod';
import { channelConfig } from './channels/list.ts';
import { scheduleConfig } from './on-call/config.ts';
import { escalationConfig } from './stages/escalation.ts';
import { routeConfig } from './stages/route.ts';
import { routeRuleConfig } from './stages/route-rule.ts';

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
    routeRules: z
      .array(routeRuleConfig)
      .default([])
      .describe(
        'Rules that send what is paged in a window elsewhere: quiet hours, another team for a week. The first one that matches counts. Preview them with `npm run config -- backtest`.',
      ),
    schedules: z.array(scheduleConfig).default([]).describe('Where Faultline reads who is on call: docs/on-call.md.'),
    scheduleReloadMs: z.int().min(1000).default(300_000).describe('How often schedules are read again.'),
    escalations: z
      .array(escalationConfig)
      .default([])
      .describe('Whom a page names, and who is told next while nobody acknowledges.'),
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
          `another channel: ${names.filter((other) => other !== name).join(', ') || 'there is none'}`,
        );
    });
    const checkNames = (path: (string | number)[], used: readonly string[], known: readonly string[], what: string) =>
      used.forEach((name, at) => {
        if (!known.includes(name)) problem([...path, at], `a ${what}: ${known.join(', ') || 'there is none'}`);
      });
    config.routes.forEach(({ channels }, index) => {
      checkNames(['routes', index, 'channels'], channels, names, 'channel');
    });
    config.routeRules.forEach(({ channels }, index) => {
      checkNames(['routeRules', index, 'channels'], channels, names, 'channel');
    });
    const schedules = config.schedules.map(({ name }) => name);
    config.schedules.forEach((schedule, index) => {
      if (schedules.indexOf(schedule.name) !== index) problem(['schedules', index, 'name'], 'a unique name');
      if (schedule.type === 'ical' && (schedule.path === null) === (schedule.url === null))
        problem(['schedules', index, 'path'], 'either path or url');
    });
    config.escalations.forEach(({ levels }, index) => {
      levels.forEach((level, at) => {
        const path = ['escalations', index, 'levels', at];
        checkNames([...path, 'channels'], level.channels, names, 'channel');
        checkNames([...path, 'schedules'], level.schedules, schedules, 'schedule of notifier.schedules');
      });
    });
  });
export type NotifierConfig = z.infer<typeof notifierConfig>;
