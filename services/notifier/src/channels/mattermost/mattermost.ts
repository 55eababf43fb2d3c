import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { clip, fitText } from '../../page/fit.ts';
import { repeatText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, mentions } from '../common-config.ts';
import { createCallJson, textField } from '../json-call.ts';
import { mentionId, mentionLabel, mentionText, onCallIds } from '../mentions.ts';

/** The limit of one post: https://developers.mattermost.com/api-documentation/ */
const maxChars = 16_383;

export const mattermostChannel = defineChannel({
  type: 'mattermost',
  title: 'Mattermost',
  schema: z.strictObject({
    type: z.literal('mattermost'),
    ...commonChannelKeys,
    url: z.url({ protocol: /^https?$/ }).describe('Address of the server.'),
    token: secret().describe('Access token of a bot account that may post in the channel.'),
    channel: z.string().min(1).describe('Id of the channel.'),
    mentions: mentions('a user or group with its `@`'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'neither', updates: 'in-place', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: maxChars, requestBytes: 64 * 1024 },
  rate: { spacingMs: 100, editSpacingMs: 5000 },
  docs: {
    summary: 'One post for each incident, edited in place, with its history in the thread.',
    example: {
      url: 'https://chat.example.com/',
      token: { env: 'MATTERMOST_TOKEN' },
      channel: '4xp9fdt77pncbef59f4k1qe83o',
    },
    setup: ['Create a bot account, add it to the channel, and use its access token as `token`.'],
    limits: ['A retry after a lost answer may show a page twice; it says so.'],
    healthyAnswer: '{"id":"b9qn3fuk8pnfzy5m8wxbsmnz3a"}',
  },
  address: ({ channel }) => channel,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const headers = { authorization: `Bearer ${config.token.reveal()}` };
    const at = (path: string) => new URL(`api/v4/posts${path}`, config.url).href;
    const post = async (message: string, root: string, signal: AbortSignal) => {
      const body = { channel_id: config.channel, message, ...(root === '' ? {} : { root_id: root }) };
      return textField(await call({ url: at(''), headers, body }, signal), 'id');
    };
    return async (message, signal) => {
      const text = pageOf(message, onCallIds(message, config.mentions));
      const id = message.action === 'edit' ? await edit(message.messageId) : await post(text, '', signal);
      for (const note of message.notes) await post(noteOf(note, message, config.mentions), id, signal);
      return { messageId: id || message.idempotencyKey, threadId: id };

      async function edit(postId: string): Promise<string> {
        try {
          const url = at(`/${encodeURIComponent(postId)}/patch`);
          await call({ method: 'PUT', url, headers, body: { message: text } }, signal);
          return postId;
        } catch (error) {
          // Somebody deleted the post.
          if (!(error instanceof ChannelError) || error.status !== 404) throw error;
          return post(text, '', signal);
        }
      }
    };
  },
});

function pageOf({ page, maybeSent }: ChannelMessage, onCall: readonly string[]): string {
  const text = fitText(page, maxChars / 3);
  // A name in an alert must not notify everybody.
  const quiet = text.replaceAll('@', '@\u200b');
  return [quiet, maybeSent ? repeatText : '', onCall.join(' ')].filter((line) => line !== '').join('\n');
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
