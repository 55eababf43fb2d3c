import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { acknowledged, causeFound, over } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';

const open = (url: string, extra: object = {}) =>
  openTestChannel({ type: 'cdevents', name: 'events', url, token: 'broker-66', ...extra });
const never = new AbortController().signal;

channelContract({
  type: 'cdevents',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: ['broker-66'],
  healthyAnswer: { status: 202 },
  titleOf: ({ body }) =>
    (JSON.parse(body) as { data: { subject: { content: { description: string } } } }).data.subject.content.description,
});

const predicates = ['detected', 'reported', 'resolved'] as const;
const type = z.enum(predicates.map((predicate) => `dev.cdevents.incident.${predicate}.0.2.0` as const));
const reference = z.strictObject({ id: z.string().min(1), source: z.string().optional() });
/** The incident events of https://github.com/cdevents/spec, v0.4.1, inside a structured CloudEvent 1.0. */
const schema = z
  .strictObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type,
    subject: z.string().min(1),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    data: z.strictObject({
      context: z.strictObject({
        version: z.literal('0.4.1'),
        id: z.string().min(1),
        source: z.string().min(1),
        type,
        timestamp: z.iso.datetime(),
      }),
      subject: z.strictObject({
        id: z.string().min(1),
        source: z.string(),
        type: z.literal('incident'),
        content: z.strictObject({
          description: z.string(),
          environment: reference,
          service: reference.optional(),
          artifactId: z.string().optional(),
          ticketURI: z.url().optional(),
        }),
      }),
      customData: z.record(z.string(), z.unknown()),
      customDataContentType: z.literal('application/json'),
    }),
  })
  .refine(({ type: outer, data }) => outer === data.context.type, 'types differ')
  .refine(
    ({ data: { context, subject } }) => context.type.includes('reported') === (subject.content.ticketURI !== undefined),
    'ticketURI belongs to reported',
  );

it('detected, reported and resolved, as the specification has them', async () => {
  const broker = await startCheckedReceiver({
    authorization: 'Bearer broker-66',
    routes: [{ route: 'POST /', schema }],
  });
  const receipt = await open(broker.url).send(firstMessage(), never);
  for (const message of [causeFound(receipt), acknowledged(receipt), over(receipt)])
    await open(broker.url).send(message, never);
  await open(broker.url).send(causeFound(receipt, { reason: 'reopened' }), never);
  expect(broker.problems).toEqual([]);
  expect(broker.calls.map(({ body }) => String(body['type']).split('.')[3])).toEqual([
    'detected',
    'reported',
    'reported',
    'resolved',
    'detected',
  ]);
  expect(broker.calls[0]?.request.headers['content-type']).toBe('application/cloudevents+json');
  await broker.close();
});

it('a retry has the same id, another update another one', async () => {
  const broker = await startCheckedReceiver({
    authorization: 'Bearer broker-66',
    routes: [{ route: 'POST /', schema }],
  });
  const receipt = await open(broker.url).send(firstMessage(), never);
  await open(broker.url).send(firstMessage({ maybeSent: true }), never);
  await open(broker.url).send(over(receipt), never);
  const [first, again, last] = broker.calls.map(({ body }) => body['id']);
  expect(again).toBe(first);
  expect(last).not.toBe(first);
  await broker.close();
});
