import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatReference } from '../../callbacks/reference.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { acknowledged, causeFound, over, revised } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { definitionOf } from '../list.ts';

const apiKey = 'genie-41f2';
const alias = formatReference(incident());
const kinds = [
  { type: 'opsgenie', path: '/v2/alerts' },
  { type: 'jsm', path: '/jsm/ops/integration/v2/alerts' },
] as const;

for (const { type } of kinds)
  channelContract({
    type,
    create: (apiUrl, timeoutMs = 10_000) => openTestChannel({ type, name: 'pager', apiKey, apiUrl, timeoutMs }),
    secrets: [apiKey],
    titleOf: ({ body }) => (JSON.parse(body) as { message: string }).message,
  });

const by = { user: z.literal('Faultline'), source: z.literal('Faultline') };
/** https://docs.opsgenie.com/docs/alert-api */
const alertSchema = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512),
  description: z.string().max(15_000),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
  entity: z.string().max(512),
  source: z.string().max(100),
  tags: z.array(z.string().max(50)).max(20),
  details: z.record(z.string(), z.string()),
});

describe.each(kinds)('$type', ({ type, path }) => {
  let api: CheckedReceiver;
  const never = new AbortController().signal;
  const open = () => openTestChannel({ type, name: 'pager', apiKey, apiUrl: api.url });
  const steps = () =>
    api.calls.map(({ route }) => route.replace(`${path}/:alias/`, '').replace(`POST ${path}`, 'create'));
  beforeEach(async () => {
    const accepted = () => ({ status: 202, body: '{"result":"Request will be processed"}' });
    const note = z.strictObject({ ...by, note: z.string().min(1).max(25_000) });
    const changes =
      type === 'jsm'
        ? []
        : [
            { route: `PUT ${path}/:alias/message`, schema: z.strictObject({ message: z.string().max(130) }) },
            {
              route: `PUT ${path}/:alias/description`,
              schema: z.strictObject({ description: z.string().max(15_000) }),
            },
          ];
    api = await startCheckedReceiver({
      authorization: `GenieKey ${apiKey}`,
      routes: [
        { route: `POST ${path}`, schema: alertSchema, answer: accepted },
        { route: `POST ${path}/:alias/acknowledge`, schema: z.strictObject(by), answer: accepted },
        { route: `POST ${path}/:alias/close`, schema: note, answer: accepted },
        { route: `POST ${path}/:alias/notes`, schema: note, answer: accepted },
        ...changes,
      ],
    });
  });
  afterEach(() => api.close());

  it('an alert has the alias, the priority and the headline', async () => {
    await open().send(firstMessage(), never);
    expect(api.problems).toEqual([]);
    expect(api.calls[0]?.body).toMatchObject({
      alias,
      priority: 'P1',
      message: 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC',
      entity: 'checkout',
      description: expect.stringContaining('Owner: storage #storage-oncall'),
    });
  });

  it('acknowledging and resolving follow, on the alias', async () => {
    const receipt = await open().send(firstMessage(), never);
    for (const message of [acknowledged(receipt), over(receipt)]) await open().send(message, never);
    expect(api.problems).toEqual([]);
    expect(steps().filter((step) => !step.startsWith('PUT'))).toEqual(['create', 'POST acknowledge', 'POST close']);
    expect(decodeURIComponent(api.calls.at(-1)?.request.path ?? '')).toBe(
      `${path}/${alias}/close?identifierType=alias`,
    );
  });

  it('a cause that is found is a note', async () => {
    const receipt = await open().send(firstMessage(), never);
    await open().send(causeFound(receipt), never);
    expect(steps()).toEqual(
      type === 'jsm' ? ['create', 'POST notes'] : ['create', 'PUT message', 'PUT description', 'POST notes'],
    );
  });

  it('a reopened incident opens the alert again', async () => {
    const receipt = await open().send(firstMessage(), never);
    await open().send(causeFound(receipt, { reason: 'reopened' }), never);
    expect(steps()).toEqual(['create', 'create']);
  });
});

it('Opsgenie shows every revision silently, JSM does not need them', async () => {
  const [opsgenie, jsm] = kinds.map(({ type }) => definitionOf(type).capabilities.updates);
  expect([opsgenie, jsm]).toEqual(['in-place', 'by-key']);
  const api = await startCheckedReceiver({
    authorization: `GenieKey ${apiKey}`,
    routes: [{ route: 'PUT /v2/alerts/:alias/message' }, { route: 'PUT /v2/alerts/:alias/description' }],
  });
  const channel = openTestChannel({ type: 'opsgenie', name: 'pager', apiKey, apiUrl: api.url });
  await channel.send(revised({ messageId: alias, threadId: '' }), new AbortController().signal);
  expect(api.calls).toHaveLength(2);
  await api.close();
});
