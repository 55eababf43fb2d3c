import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { clip, fitText } from '../../page/fit.ts';
import { repeatText } from '../../page/words.ts';
import { apiUrl, commonChannelKeys, httpChannelKeys, mentions } from '../common-config.ts';
import { createCallJson, textField } from '../json-call.ts';
import { mentionId, mentionLabel, mentionText, onCallIds } from '../mentions.ts';

/** https://core.telegram.org/bots/api#sendmessage */
const maxChars = 4096;

export const telegramChannel = defineChannel({
  type: 'telegram',
  title: 'Telegram',
  schema: z.strictObject({
    type: z.literal('telegram'),
    ...commonChannelKeys,
    token: secret().describe('Token of the bot.'),
    chat: z.string().min(1).describe('Id of the chat (`-1001234567890`), or `@name` of a public channel.'),
    mentions: mentions('a user name with its `@`'),
    apiUrl: apiUrl('https://api.telegram.org/'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'neither', updates: 'in-place', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: maxChars, requestBytes: 32 * 1024 },
  // 20 messages a minute in a group.
  rate: { spacingMs: 1000, editSpacingMs: 10_000 },
  docs: {
    summary: 'One message for each incident, edited in place. A cause that is found later is a reply that notifies.',
    example: { token: { env: 'TELEGRAM_TOKEN' }, chat: '-1001234567890' },
    setup: ['Create a bot with BotFather, add it to the chat, and use the id of the chat as `chat`.'],
    limits: ['A bot cannot search a chat. A retry after a lost answer may show a page twice; it says so.'],
    healthyAnswer: '{"ok":true,"result":{"message_id":17}}',
  },
  address: ({ chat }) => chat,
  createSend: (config, { http }) => {
    const retryAfterSeconds = (body: Readonly<Record<string, unknown>>) =>
      Number(textField(body['parameters'], 'retry_after')) || null;
    const call = createCallJson({ http, timeoutMs: config.timeoutMs, retryAfterSeconds });
    const base = { chat_id: config.chat, link_preview_options: { is_disabled: true } };
    const invoke = (method: string, body: object, signal: AbortSignal) =>
      call(
        { url: new URL(`./bot${config.token.reveal()}/${method}`, config.apiUrl).href, body: { ...base, ...body } },
        signal,
      );
    return async (message, signal) => {
      const text = pageOf(message, onCallIds(message, config.mentions));
      const id = message.action === 'edit' ? await edit() : await post({ text });
      for (const note of message.notes)
        await post({
          text: noteOf(note, message, config.mentions),
          disable_notification: !note.isPushed,
          reply_parameters: { message_id: Number(id), allow_sending_without_reply: true },
        });
      return { messageId: id, threadId: id };

      async function post(body: object): Promise<string> {
        const { result } = await invoke('sendMessage', body, signal);
        return textField(result, 'message_id') || message.idempotencyKey;
      }

      async function edit(): Promise<string> {
        try {
          await invoke('editMessageText', { text, message_id: Number(message.messageId) }, signal);
        } catch (error) {
          // 400: the text is the same already, or the message is gone or too old. Nobody needs it a second time.
          if (!(error instanceof ChannelError) || error.status !== 400) throw error;
        }
        return message.messageId;
      }
    };
  },
});

function pageOf({ page, maybeSent, action }: ChannelMessage, onCall: readonly string[]): string {
  const repeat = maybeSent && action === 'send' ? [repeatText] : [];
  const mentioned = onCall.length === 0 ? [] : [onCall.join(' ')];
  const after = [...repeat, ...mentioned].map((line) => `\n${line}`).join('');
  return fitText(page, maxChars - after.length) + after;
}

function noteOf(
  { text, isPushed }: ChannelMessage['notes'][number],
  { page }: ChannelMessage,
  ids: Readonly<Record<string, string>>,
): string {
  if (!isPushed || page.mentions.length === 0) return clip(text, maxChars);
  const owners = page.mentions.map(({ team, contact }) => mentionId(ids, team) ?? mentionText({ team, contact }));
  return clip(`${text}\n${mentionLabel(page)}${owners.join(', ')}`, maxChars);
}
