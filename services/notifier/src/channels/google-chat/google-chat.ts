import { contentId } from '@faultline/model';
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { fitText } from '../../page/fit.ts';
import { repeatText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, mentions, secretUrl } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';
import { mentionId } from '../mentions.ts';

const maxChars = 4096;

export const googleChatChannel = defineChannel({
  type: 'google-chat',
  title: 'Google Chat',
  schema: z.strictObject({
    type: z.literal('google-chat'),
    ...commonChannelKeys,
    url: secretUrl().describe('Address of a webhook of the space.'),
    mentions: mentions('the id of a person (`123456789`), or `all`'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'neither', updates: 'none', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: maxChars, requestBytes: 32 * 1024 },
  // One request a second for each space.
  rate: { spacingMs: 1000, editSpacingMs: 0 },
  docs: {
    summary: 'A thread for each incident: the first page, another cause, the end and a reopening.',
    example: { url: { env: 'GOOGLE_CHAT_WEBHOOK_URL' } },
    setup: ['In the space, add a webhook under *Apps & integrations*, and use its address as `url`.'],
    limits: ['A webhook cannot edit or be searched. A retry after a lost answer may show a page twice; it says so.'],
    healthyAnswer: '{"name":"spaces/AAAA/messages/BBBB"}',
  },
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const url = new URL(config.url.reveal());
    url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
    return async (message, signal) => {
      const threadKey = contentId('google-chat', message.incident.id);
      const body = { text: textOf(message, config.mentions), thread: { threadKey } };
      await call({ url: url.href, body }, signal);
      return { messageId: message.idempotencyKey, threadId: threadKey };
    };
  },
});

function textOf({ page, isPushed, maybeSent }: ChannelMessage, ids: Readonly<Record<string, string>>): string {
  const mentioned = isPushed ? page.mentions.flatMap(({ team }) => mentionId(ids, team) ?? []) : [];
  const extra = [mentioned.map((id) => `<users/${id}>`).join(' '), maybeSent ? repeatText : ''].filter(
    (line) => line !== '',
  );
  const room = maxChars - extra.join('\n').length - 1;
  // `<users/all>` in an alert must not notify everybody.
  return [fitText(page, room).replaceAll('<users/', '‹users/'), ...extra].join('\n');
}
