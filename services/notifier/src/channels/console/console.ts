import { z } from 'zod';
import type { Channel, ChannelMessage } from '../../channel.ts';
import { pageText } from '../../page/text.ts';
import { commonChannelKeys } from '../common-config.ts';

export const consoleConfig = z.strictObject({ type: z.literal('console'), ...commonChannelKeys });
export type ConsoleConfig = z.infer<typeof consoleConfig>;

/** Prints pages, for demos and for a start without a pager. */
export function createConsole(config: ConsoleConfig, { write }: { readonly write: (text: string) => void }): Channel {
  return {
    name: config.name,
    target: config.name,
    capabilities: { repeats: 'neither', canEdit: true },
    send: async (message) => {
      write(`\n${titleOf(message)}\n${pageText(message.page)}\n`);
      return { messageId: message.incident.id, threadId: '' };
    },
  };
}

function titleOf({ action, reason, incident, maybeSent }: ChannelMessage): string {
  const what = action === 'send' ? 'PAGE' : `PAGE EDITED (${reason})`;
  return `=== ${what}, revision ${incident.revision}${maybeSent ? ', may be a repeat' : ''} ===`;
}
