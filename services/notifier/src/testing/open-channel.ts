/** Opens a channel as the notifier does, from its configuration. */
import type { Channel } from '../channel.ts';
import { createHttpClient } from '../channels/http-client.ts';
import { channelConfig, createChannel } from '../channels/list.ts';
import type { ChannelParts } from '../channels/parts.ts';

export function openTestChannel(config: object, parts: Partial<ChannelParts> = {}): Channel {
  return createChannel(channelConfig.parse(config), {
    clock: () => 1_767_621_780_500,
    http: createHttpClient(),
    write: () => {},
    warn: () => {},
    ...parts,
  });
}
