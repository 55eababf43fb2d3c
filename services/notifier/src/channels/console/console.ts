import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { pageText } from '../../page/text.ts';
import { commonChannelKeys } from '../common-config.ts';

/** Prints pages, for demos and for a start without a pager. */
export const consoleChannel = defineChannel({
  type: 'console',
  title: 'Console',
  schema: z.strictObject({ type: z.literal('console'), ...commonChannelKeys }),
  capabilities: {
    repeats: 'neither',
    updates: 'in-place',
    canThread: false,
    canNotifyAgain: false,
    hasActions: false,
  },
  budget: { titleChars: 100, requestBytes: 8192 },
  levels: ['log', 'ticket', 'page'],
  rate: { spacingMs: 0, editSpacingMs: 0 },
  docs: {
    summary: 'Prints pages to stdout. It is the default, so that a first start shows something.',
    example: {},
    setup: [],
    limits: [],
    healthyAnswer: '',
  },
  createSend:
    (_config, { write }) =>
    async (message) => {
      write(`\n${titleOf(message)}\n${pageText(message.page)}\n`);
      return { messageId: message.incident.id, threadId: '' };
    },
});

const levelTitles = { page: 'PAGE', ticket: 'TICKET', log: 'LOG ENTRY' } as const;

function titleOf({ action, reason, incident, page, maybeSent }: ChannelMessage): string {
  const level = levelTitles[page.level];
  const what = action === 'send' ? level : `${level} EDITED (${reason})`;
  return `=== ${what}, revision ${incident.revision}${maybeSent ? ', may be a repeat' : ''} ===`;
}
