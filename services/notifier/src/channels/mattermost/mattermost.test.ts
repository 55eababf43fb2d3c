import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { causeFound, over } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const token = 'mm-token-5522';
const open = (url: string, extra: object = {}) =>
  openTestChannel({ type: 'mattermost', name: 'chat', url, token, channel: 'c1', ...extra });

channelContract({
  type: 'mattermost',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [token],
  titleOf: ({ body }) => (JSON.parse(body) as { message: string }).message.split('\n')[0] ?? '',
});

describe('mattermost', () => {
  let server: CheckedReceiver;
  const never = new AbortController().signal;
  beforeEach(async () => {
    const message = z.string().min(1).max(16_383);
    server = await startCheckedReceiver({
      authorization: `Bearer ${token}`,
      routes: [
        {
          route: 'POST /api/v4/posts',
          schema: z.strictObject({ channel_id: z.literal('c1'), message, root_id: z.string().optional() }),
          answer: () => ({ status: 201, body: `{"id":"p${server.calls.length}"}` }),
        },
        { route: 'PUT /api/v4/posts/:id/patch', schema: z.strictObject({ message }) },
      ],
    });
  });
  afterEach(() => server.close());

  it('one post, edited in place, with its history in the thread', async () => {
    const receipt = await open(server.url).send(firstMessage(), never);
    await open(server.url, { mentions: { storage: '@storage-oncall' } }).send(causeFound(receipt), never);
    await open(server.url).send(over(receipt), never);
    expect(server.problems).toEqual([]);
    expect(server.calls.map(({ route, body }) => [route.split(' ')[0], body['root_id']])).toEqual([
      ['POST', undefined],
      ['PUT', undefined],
      ['POST', 'p1'],
      ['PUT', undefined],
      ['POST', 'p1'],
    ]);
    expect(server.calls[2]?.body['message']).toContain('Owner: @storage-oncall');
  });

  it('a deleted post is posted again', async () => {
    server.failures.push({ route: 'PUT /api/v4/posts/:id/patch', answer: { status: 404 } });
    expect(await open(server.url).send(over({ messageId: 'p9', threadId: 'p9' }), never)).toMatchObject({
      messageId: 'p1',
    });
  });

  it('an alert cannot notify everybody', async () => {
    const alerts = incident().alerts.map((alert) => ({ ...alert, name: '@channel' }));
    await open(server.url).send(firstMessage({ incident: incident({ alerts }) }), never);
    expect(server.calls[0]?.body['message']).not.toContain('@channel');
  });
});
