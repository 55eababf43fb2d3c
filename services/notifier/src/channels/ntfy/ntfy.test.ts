import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { causeFound, over, revised } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const token = 'tk_4a1b';
const open = (url: string, extra: object = {}) =>
  openTestChannel({ type: 'ntfy', name: 'phone', url, topic: 'pages', token, ...extra });
const never = new AbortController().signal;

channelContract({
  type: 'ntfy',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [token],
  titleOf: ({ body }) => (JSON.parse(body) as { title: string }).title,
});

/** https://docs.ntfy.sh/publish/#publish-as-json */
const schema = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  sequence_id: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string(),
  message: z.string().refine((text) => Buffer.byteLength(text) <= 4096),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string()),
  click: z.url(),
  actions: z.array(z.strictObject({ action: z.literal('view'), label: z.string(), url: z.url() })).max(3),
});

it('one notification, replaced in place: loud for the page and its cause, silent for the rest', async () => {
  const server = await startCheckedReceiver({
    authorization: `Bearer ${token}`,
    routes: [{ route: 'POST /', schema }],
  });
  const receipt = await open(server.url).send(firstMessage(), never);
  for (const message of [revised(receipt), causeFound(receipt), over(receipt)])
    await open(server.url).send(message, never);
  expect(server.problems).toEqual([]);
  expect(server.calls.map(({ body }) => body['priority'])).toEqual([5, 1, 5, 1]);
  expect(new Set(server.calls.map(({ body }) => body['sequence_id'])).size).toBe(1);
  await server.close();
});
