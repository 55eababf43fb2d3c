import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { causeFound, revised } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const open = (url: string, extra: object = {}) => openTestChannel({ type: 'discord', name: 'discord', url, ...extra });

channelContract({
  type: 'discord',
  create: (url, timeoutMs = 10_000) => open(`${url}api/webhooks/1/tok-77aa`, { timeoutMs }),
  secrets: ['tok-77aa'],
  titleOf: ({ body }) => (JSON.parse(body) as { content: string }).content,
});

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
const messageSchema = z.strictObject({
  content: z.string().max(2000),
  embeds: z
    .array(
      z.strictObject({
        title: z.string().max(256),
        url: z.url(),
        description: z.string().max(4096),
        color: z.int().min(0).max(0xffffff),
      }),
    )
    .max(10)
    .optional(),
  allowed_mentions: z.strictObject({
    parse: z.array(z.enum(['roles', 'users', 'everyone'])),
    roles: z.array(z.string().regex(/^\d+$/)).max(100).optional(),
    users: z.array(z.string().regex(/^\d+$/)).max(100).optional(),
  }),
});

describe('discord', () => {
  let discord: CheckedReceiver;
  const never = new AbortController().signal;
  const webhook = '/api/webhooks/1/t';
  const channel = (extra: object = {}) => open(`${discord.url.slice(0, -1)}${webhook}?thread_id=5`, extra);
  beforeEach(async () => {
    discord = await startCheckedReceiver({
      routes: [
        {
          route: `POST ${webhook}`,
          schema: messageSchema,
          answer: () => ({ body: `{"id":"${discord.calls.length}"}` }),
        },
        { route: `PATCH ${webhook}/messages/:id`, schema: messageSchema },
      ],
    });
  });
  afterEach(() => discord.close());
  const steps = () => discord.calls.map(({ request: { method, path } }) => `${method} ${path.slice(webhook.length)}`);

  it('a page is edited in place; a cause that is found notifies the owner', async () => {
    const receipt = await channel().send(firstMessage(), never);
    await channel().send(revised(receipt), never);
    await channel({ mentions: { storage: '&190' } }).send(causeFound(receipt), never);
    expect(discord.problems).toEqual([]);
    expect(steps()).toEqual([
      'POST ?thread_id=5&wait=true',
      'PATCH /messages/1?thread_id=5',
      'PATCH /messages/1?thread_id=5',
      'POST ?thread_id=5&wait=true',
    ]);
    expect(discord.calls[3]?.body).toEqual({
      content: `${firstMessage().page.headline}\nOwner: <@&190>`,
      allowed_mentions: { parse: [], roles: ['190'], users: [] },
    });
  });

  it('a deleted message is sent again', async () => {
    const receipt = await channel().send(firstMessage(), never);
    discord.failures.push({ route: `PATCH ${webhook}/messages/:id`, answer: { status: 404 } });
    expect(await channel().send(revised(receipt), never)).toMatchObject({ messageId: '2' });
  });

  it('waits as long as the body of a 429 says', async () => {
    const answer = { status: 429, body: '{"message":"You are being rate limited.","retry_after":1.5,"global":false}' };
    discord.failures.push({ route: `POST ${webhook}`, answer });
    await expect(channel().send(firstMessage(), never)).rejects.toMatchObject({ retryAfterMs: 1500 });
  });

  it('an alert cannot notify everybody', async () => {
    const alerts = incident().alerts.map((alert) => ({ ...alert, name: '@everyone' }));
    await channel().send(firstMessage({ incident: incident({ alerts }) }), never);
    expect(discord.calls[0]?.body['allowed_mentions']).toEqual({ parse: [] });
  });
});
