import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { causeFound, over, revised } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const open = (apiUrl: string, extra: object = {}) =>
  openTestChannel({ type: 'telegram', name: 'phone', token, chat: '-100123', apiUrl, ...extra });

channelContract({
  type: 'telegram',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [token],
  titleOf: ({ body }) => (JSON.parse(body) as { text: string }).text.split('\n')[0] ?? '',
});

describe('telegram', () => {
  let api: CheckedReceiver;
  const never = new AbortController().signal;
  const [send, edit] = [`POST /bot${token}/sendMessage`, `POST /bot${token}/editMessageText`];
  /** https://core.telegram.org/bots/api#sendmessage */
  const common = {
    chat_id: z.literal('-100123'),
    text: z.string().min(1).max(4096),
    link_preview_options: z.strictObject({ is_disabled: z.boolean() }),
  };
  beforeEach(async () => {
    const reply = z.strictObject({ message_id: z.int(), allow_sending_without_reply: z.boolean() });
    api = await startCheckedReceiver({
      routes: [
        {
          route: send,
          schema: z.strictObject({
            ...common,
            disable_notification: z.boolean().optional(),
            reply_parameters: reply.optional(),
          }),
          answer: () => ({ body: `{"ok":true,"result":{"message_id":${16 + api.calls.length}}}` }),
        },
        { route: edit, schema: z.strictObject({ ...common, message_id: z.int() }) },
      ],
    });
  });
  afterEach(() => api.close());

  it('one message, edited in place; a cause that is found is a reply that notifies, the end is a silent one', async () => {
    const receipt = await open(api.url).send(firstMessage(), never);
    expect(receipt.messageId).toBe('17');
    await open(api.url).send(revised(receipt), never);
    await open(api.url, { mentions: { storage: '@mira' } }).send(causeFound(receipt), never);
    await open(api.url).send(over(receipt), never);
    expect(api.problems).toEqual([]);
    const notes = api.calls.filter(({ body }) => body['reply_parameters'] !== undefined);
    expect(notes.map(({ body }) => body['disable_notification'])).toEqual([false, true]);
    expect(notes[0]?.body['text']).toContain('Owner: @mira');
    expect(notes[0]?.body['reply_parameters']).toEqual({ message_id: 17, allow_sending_without_reply: true });
  });

  it('an edit that changes nothing, as after a lost answer, is no failure', async () => {
    api.failures.push({ route: edit, answer: { status: 400, body: '{"ok":false,"error_code":400}' } });
    expect(await open(api.url).send(revised({ messageId: '17', threadId: '' }), never)).toMatchObject({
      messageId: '17',
    });
  });

  it('waits as long as the parameters of a 429 say', async () => {
    const body = '{"ok":false,"error_code":429,"parameters":{"retry_after":12}}';
    api.failures.push({ route: send, answer: { status: 429, body } });
    await expect(open(api.url).send(firstMessage(), never)).rejects.toMatchObject({ retryAfterMs: 12_000 });
  });
});
