import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const open = (url: string, extra: object = {}) => openTestChannel({ type: 'teams', name: 'teams', url, ...extra });
const never = new AbortController().signal;

channelContract({
  type: 'teams',
  create: (url, timeoutMs = 10_000) => open(`${url}workflows/sig-8d1c`, { timeoutMs }),
  secrets: ['sig-8d1c'],
  healthyAnswer: { status: 202 },
  titleOf: ({ body }) => (JSON.parse(body) as { summary: string }).summary,
});

const textBlock = z.strictObject({
  type: z.literal('TextBlock'),
  text: z.string().min(1),
  wrap: z.boolean(),
  weight: z.enum(['Bolder', 'Default', 'Lighter']).optional(),
  size: z.enum(['Default', 'Small', 'Medium', 'Large']).optional(),
  color: z.enum(['Default', 'Good', 'Warning', 'Attention', 'Accent']).optional(),
  isSubtle: z.boolean().optional(),
});
/** https://adaptivecards.io/explorer/ and https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format */
const cardSchema = z.strictObject({
  $schema: z.string(),
  type: z.literal('AdaptiveCard'),
  version: z.enum(['1.0', '1.1', '1.2', '1.3', '1.4', '1.5']),
  fallbackText: z.string(),
  msteams: z.strictObject({
    width: z.literal('Full'),
    entities: z.array(
      z.strictObject({
        type: z.literal('mention'),
        text: z.string().regex(/^<at>.+<\/at>$/),
        mentioned: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
      }),
    ),
  }),
  body: z.array(textBlock).min(1),
  actions: z.array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })),
});
const messageSchema = z.strictObject({
  type: z.literal('message'),
  summary: z.string(),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: cardSchema,
    }),
  ]),
});

it('a card is one that Teams accepts: owner before evidence, and the owner is mentioned', async () => {
  const teams = await startCheckedReceiver({
    routes: [{ route: 'POST /', schema: messageSchema, answer: () => ({ status: 202 }) }],
  });
  await open(teams.url, { mentions: { storage: 'mira@example.com' } }).send(firstMessage(), never);
  expect(teams.problems).toEqual([]);
  const text = JSON.stringify(teams.calls[0]?.body);
  expect(text).toMatch(/Owner: storage.*Runbook: .*<at>storage<\/at>.*orders-db answers slower/);
  expect(text).toContain('"mentioned":{"id":"mira@example.com","name":"storage"}');
  await teams.close();
});

it('a silent message mentions nobody; a repeat says so; names are no markup', async () => {
  const teams = await startCheckedReceiver({ routes: [{ route: 'POST /', schema: messageSchema }] });
  const alerts = incident().alerts.map((alert) => ({ ...alert, name: 'high_*latency*' }));
  const message = firstMessage({ isPushed: false, maybeSent: true, incident: incident({ alerts }) });
  await open(teams.url, { mentions: { storage: 'mira@example.com' } }).send(message, never);
  expect(teams.problems).toEqual([]);
  const text = JSON.stringify(teams.calls[0]?.body);
  expect(text).not.toContain('<at>');
  expect(text).toContain('may be a repeat');
  expect(text).toContain('high\\\\_\\\\*latency\\\\*');
  await teams.close();
});

it('with a linkSecret a card has links to answer, within its size', async () => {
  const teams = await startCheckedReceiver({ routes: [{ route: 'POST /', schema: messageSchema }] });
  const channel = open(teams.url, { linkSecret: 's'.repeat(32) });
  const long = 'x'.repeat(30_000);
  await channel.send(firstMessage(), never);
  await channel.send(firstMessage({ incident: incident({ title: long }) }), never);
  expect(teams.problems).toEqual([]);
  const cards = teams.calls.map(({ body }) => messageSchema.parse(body).attachments[0].content);
  const link = expect.stringMatching(
    /\/callbacks\/teams\?act=acknowledge&incident=faultline.*&signature=[0-9a-f]{64}$/,
  );
  expect(cards[0]?.actions.map(({ title }) => title)).toEqual([
    'Acknowledge',
    'Resolve',
    'Not this cause',
    'Open the incident',
  ]);
  expect(cards[0]?.actions[0]?.url).toEqual(link);
  for (const { request } of teams.calls) expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(28 * 1024);
  await teams.close();
});
