/** All channels. A new one is one line. */
import { z } from 'zod';
import { type Channel, type ChannelDefinition, openChannel } from '../channel.ts';
import { cdeventsChannel } from './cdevents/cdevents.ts';
import { consoleChannel } from './console/console.ts';
import { discordChannel } from './discord/discord.ts';
import { emailChannel } from './email/email.ts';
import { googleChatChannel } from './google-chat/google-chat.ts';
import { jiraChannel } from './jira/jira.ts';
import { jsmChannel } from './jsm/jsm.ts';
import { kafkaChannel } from './kafka/kafka.ts';
import { mattermostChannel } from './mattermost/mattermost.ts';
import { ntfyChannel } from './ntfy/ntfy.ts';
import { opsgenieChannel } from './opsgenie/opsgenie.ts';
import { pagerdutyChannel } from './pagerduty/pagerduty.ts';
import type { ChannelParts } from './parts.ts';
import { servicenowChannel } from './servicenow/servicenow.ts';
import { slackChannel } from './slack/slack.ts';
import { teamsChannel } from './teams/teams.ts';
import { telegramChannel } from './telegram/telegram.ts';
import { twilioChannel } from './twilio/twilio.ts';
import { webhookChannel } from './webhook/webhook.ts';

export const channelDefinitions = [
  pagerdutyChannel,
  slackChannel,
  teamsChannel,
  emailChannel,
  opsgenieChannel,
  jsmChannel,
  discordChannel,
  mattermostChannel,
  googleChatChannel,
  telegramChannel,
  twilioChannel,
  ntfyChannel,
  jiraChannel,
  servicenowChannel,
  cdeventsChannel,
  kafkaChannel,
  webhookChannel,
  consoleChannel,
] as const;

const [first, ...others] = channelDefinitions;

/** The configuration of one channel: `type` decides which. */
export const channelConfig = z.discriminatedUnion('type', [first.schema, ...others.map(({ schema }) => schema)]);
export type ChannelConfig = z.infer<typeof channelConfig>;

export function createChannel(config: ChannelConfig, parts: ChannelParts): Channel {
  return openChannel(definitionOf(config.type), config, parts);
}

/** The definition of a kind of channel. Throws for an unknown one, which the configuration does not let through. */
export function definitionOf(type: string): ChannelDefinition {
  const definitions: readonly ChannelDefinition[] = channelDefinitions;
  const found = definitions.find((definition) => definition.type === type);
  if (found === undefined) throw new Error(`no channel of type ${type}`);
  return found;
}
