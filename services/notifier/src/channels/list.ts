/** All channels. A new one is a line in each of the two lists. */
import type { Clock } from '@faultline/runtime';
import { z } from 'zod';
import type { Channel } from '../channel.ts';
import { consoleConfig, createConsole } from './console/console.ts';
import { slackConfig } from './slack/config.ts';
import { createSlack } from './slack/slack.ts';
import { webhookConfig } from './webhook/config.ts';
import { createWebhook } from './webhook/webhook.ts';

export const channelConfig = z.discriminatedUnion('type', [consoleConfig, webhookConfig, slackConfig]);
export type ChannelConfig = z.infer<typeof channelConfig>;

export interface ChannelParts {
  readonly clock: Clock;
  /** Receives what the console channel prints. */
  readonly write: (text: string) => void;
}

export function createChannel(config: ChannelConfig, parts: ChannelParts): Channel {
  switch (config.type) {
    case 'console':
      return createConsole(config, parts);
    case 'webhook':
      return createWebhook(config, parts);
    case 'slack':
      return createSlack(config);
  }
}
