import { contentId } from '@faultline/model';
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { clipBytes, fitPage } from '../../page/fit.ts';
import { pageBody } from '../../page/text.ts';
import { openLinkText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';
import type { BySeverity } from '../severity.ts';

/** A longer message becomes an attachment, which nobody reads at night. */
const maxBytes = 4096;

const priorities: BySeverity<number> = { critical: 5, error: 4, warning: 3, info: 2 };
/** No sound and no vibration. */
const silent = 1;

export const ntfyChannel = defineChannel({
  type: 'ntfy',
  title: 'ntfy',
  schema: z.strictObject({
    type: z.literal('ntfy'),
    ...commonChannelKeys,
    url: z
      .url({ protocol: /^https?$/ })
      .default('https://ntfy.sh/')
      .describe('Address of the server.'),
    topic: z
      .string()
      .regex(/^[-_A-Za-z0-9]{1,64}$/)
      .describe('Topic.'),
    token: secret().nullable().default(null).describe('Access token. Null: none.'),
    ...httpChannelKeys,
  }),
  capabilities: {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: false,
    canNotifyAgain: true,
    hasActions: false,
  },
  budget: { titleChars: 100, requestBytes: 16 * 1024 },
  rate: { spacingMs: 250, editSpacingMs: 10_000 },
  docs: {
    summary:
      'One push notification for each incident, replaced in place. It makes a sound again when the cause is found.',
    example: { topic: 'faultline-pages', token: { env: 'NTFY_TOKEN' } },
    setup: ['Run ntfy 2.16 or newer, which replaces a notification by its sequence id, and subscribe to the topic.'],
    limits: ['An older server shows every update as a notification of its own.'],
    healthyAnswer: '{"id":"hwQ2YpKdmg","event":"message"}',
  },
  address: ({ topic }) => topic,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const headers = config.token === null ? {} : { authorization: `Bearer ${config.token.reveal()}` };
    return async (message, signal) => {
      const sequence = contentId('ntfy', message.incident.id);
      await call({ url: config.url, headers, body: notificationOf(message, config.topic, sequence) }, signal);
      return { messageId: sequence, threadId: '' };
    };
  },
});

function notificationOf({ page, isPushed }: ChannelMessage, topic: string, sequence: string): object {
  const shown = fitPage(page, (candidate) => Buffer.byteLength(pageBody(candidate)) <= maxBytes);
  return {
    topic,
    sequence_id: sequence,
    title: page.headline,
    message: clipBytes(pageBody(shown), maxBytes),
    priority: isPushed ? priorities[page.severity] : silent,
    tags: [page.status === 'resolved' ? 'white_check_mark' : 'rotating_light'],
    click: page.link,
    actions: [{ action: 'view', label: openLinkText, url: page.link }],
  };
}
