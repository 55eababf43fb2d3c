import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { clip, fitText } from '../../page/fit.ts';
import { pageBody } from '../../page/text.ts';
import { repeatText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, mentions, secretUrl } from '../common-config.ts';
import { createCallJson, textField } from '../json-call.ts';
import { type MentionIds, mentionId, mentionLabel, mentionText, onCallIds } from '../mentions.ts';
import { severityColors } from '../severity.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const limits = { contentChars: 2000, titleChars: 256, descriptionChars: 4096 } as const;

export const discordChannel = defineChannel({
  type: 'discord',
  title: 'Discord',
  schema: z.strictObject({
    type: z.literal('discord'),
    ...commonChannelKeys,
    url: secretUrl().describe('Address of a webhook of the channel.'),
    mentions: mentions('a role (`&` and its id) or the id of a person'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'neither', updates: 'in-place', canThread: false, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: limits.contentChars, requestBytes: 64 * 1024 },
  // 30 messages a minute for each webhook.
  rate: { spacingMs: 500, editSpacingMs: 5000 },
  docs: {
    summary: 'One message for each incident, edited in place. A cause that is found later is a second, short message.',
    example: { url: { env: 'DISCORD_WEBHOOK_URL' } },
    setup: ['In the settings of the channel, create a webhook, and use its address as `url`.'],
    limits: ['A webhook cannot be searched. A retry after a lost answer may show a page twice; it says so.'],
    healthyAnswer: '{"id":"1141478300000000000"}',
  },
  createSend: (config, { http }) => {
    const url = new URL(config.url.reveal());
    const retryAfterSeconds = (body: object) => Number(textField(body, 'retry_after')) || null;
    const call = createCallJson({ http, timeoutMs: config.timeoutMs, retryAfterSeconds });
    const post = (body: object, signal: AbortSignal) => call({ url: withPath(url, '', 'true'), body }, signal);
    return async (message, signal) => {
      const id =
        message.action === 'edit'
          ? await edit()
          : textField(await post(firstPage(message, config.mentions), signal), 'id');
      for (const note of message.notes.filter(({ isPushed }) => isPushed))
        await post(withMentions(note.text, message, config.mentions), signal);
      return { messageId: id || message.idempotencyKey, threadId: '' };

      async function edit(): Promise<string> {
        try {
          const path = `/messages/${encodeURIComponent(message.messageId)}`;
          await call({ method: 'PATCH', url: withPath(url, path, null), body: pageOf(message) }, signal);
          return message.messageId;
        } catch (error) {
          // Somebody deleted the message.
          if (!(error instanceof ChannelError) || error.status !== 404) throw error;
          return textField(await post(pageOf(message), signal), 'id');
        }
      }
    };
  },
});

/** With `wait` Discord answers with the message, and so with its id. */
function withPath(url: URL, path: string, wait: string | null): string {
  const target = new URL(url);
  target.pathname += path;
  if (wait !== null) target.searchParams.set('wait', wait);
  return target.href;
}

function pageOf({ page, maybeSent }: ChannelMessage): object {
  const color = severityColors[page.status === 'resolved' ? 'resolved' : page.severity];
  const description = fitText(page, limits.descriptionChars - repeatText.length - 1, pageBody);
  return {
    content: clip(page.headline, limits.contentChars),
    embeds: [
      {
        title: clip(page.cause || page.headline, limits.titleChars),
        url: page.link,
        description: maybeSent ? `${description}\n${repeatText}` : description,
        color: Number.parseInt(color.slice(1), 16),
      },
    ],
    // A name in an alert must not notify everybody.
    allowed_mentions: { parse: [] },
  };
}

/** Whoever is on call is notified by name. */
function firstPage(message: ChannelMessage, ids: MentionIds): object {
  const onCall = onCallIds(message, ids);
  const shown = onCall.map((id) => `<@${id}>`).join(' ');
  const content = clip(message.page.headline, limits.contentChars - shown.length - 1);
  if (onCall.length === 0) return pageOf(message);
  return { ...pageOf(message), content: `${content}\n${shown}`, allowed_mentions: allowedMentions(onCall) };
}

function withMentions(text: string, { page }: ChannelMessage, ids: MentionIds): object {
  const mentioned = page.mentions.map((mention) => ({ id: mentionId(ids, mention.team), text: mentionText(mention) }));
  const shown = mentioned.map(({ id, text: name }) => (id === undefined ? name : `<@${id}>`));
  const content = shown.length === 0 ? text : `${text}\n${mentionLabel(page)}${shown.join(', ')}`;
  return {
    content: clip(content, limits.contentChars),
    allowed_mentions: allowedMentions(mentioned.flatMap(({ id }) => id ?? [])),
  };
}

function allowedMentions(ids: readonly string[]): object {
  const roles = ids.filter((id) => id.startsWith('&')).map((id) => id.slice(1));
  return { parse: [], roles, users: ids.filter((id) => !id.startsWith('&')) };
}
