import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const open = (url: string, extra: object = {}) =>
  openTestChannel({
    type: 'google-chat',
    name: 'chat',
    url: `${url}v1/spaces/A/messages?key=k&token=tok-9a`,
    ...extra,
  });
const never = new AbortController().signal;

channelContract({
  type: 'google-chat',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: ['tok-9a'],
  titleOf: ({ body }) => (JSON.parse(body) as { text: string }).text.split('\n')[0] ?? '',
});

it('all messages of an incident are one thread; owners are mentioned when people must be notified', async () => {
  const schema = z.strictObject({
    text: z.string().min(1).max(4096),
    thread: z.strictObject({ threadKey: z.string().min(1).max(4000) }),
  });
  const chat = await startCheckedReceiver({ routes: [{ route: 'POST /v1/spaces/A/messages', schema }] });
  const channel = open(chat.url, { mentions: { storage: '123456789' } });
  await channel.send(firstMessage(), never);
  await channel.send(firstMessage({ incident: resolved(9), isPushed: false, maybeSent: true }), never);
  await channel.send(firstMessage({ incident: incident({ id: 'other', title: '<users/all>', alerts: [] }) }), never);
  expect(chat.problems).toEqual([]);
  const [first, second, other] = chat.calls;
  expect(first?.request.path).toContain('messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
  expect(first?.body['text']).toContain('<users/123456789>');
  expect(second?.body['thread']).toEqual(first?.body['thread']);
  expect(second?.body['text']).toMatch(/^RESOLVED [^<]*may be a repeat/);
  expect(other?.body['thread']).not.toEqual(first?.body['thread']);
  expect(other?.body['text']).not.toContain('<users/all>');
  await chat.close();
});
