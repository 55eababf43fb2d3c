import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { causeFound, over } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { basicAuth } from '../json-call.ts';

const password = 'snow-7741';
const open = (url: string, extra: object = {}) =>
  openTestChannel({ type: 'servicenow', name: 'tickets', url, user: 'faultline', password, ...extra });

channelContract({
  type: 'servicenow',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [password],
  healthyAnswer: { status: 201, body: '{"result":{"sys_id":"s1"}}' },
  titleOf: ({ body }) => (JSON.parse(body) as { short_description: string }).short_description,
});

const level = z.enum(['1', '2', '3']);
const record = {
  short_description: z.string().min(1).max(160),
  description: z.string().max(4000),
  impact: level,
  urgency: level,
};

describe('servicenow', () => {
  let instance: CheckedReceiver;
  const never = new AbortController().signal;
  const [create, update] = ['POST /api/now/table/incident', 'PATCH /api/now/table/incident/:id'];
  let found: object[] = [];
  beforeEach(async () => {
    found = [];
    instance = await startCheckedReceiver({
      authorization: basicAuth('faultline', password),
      routes: [
        {
          route: create,
          schema: z.strictObject({
            ...record,
            correlation_id: z.string().min(1).max(100),
            correlation_display: z.string().max(100),
            assignment_group: z.string().optional(),
          }),
          answer: (body) => {
            found.push({ sys_id: 's24', correlation_id: body['correlation_id'] });
            return { status: 201, body: '{"result":{"sys_id":"s24","number":"INC24"}}' };
          },
        },
        {
          route: update,
          schema: z.strictObject({
            ...record,
            work_notes: z.string().optional(),
            state: z.literal('6').optional(),
            close_code: z.string().optional(),
            close_notes: z.string().min(1).optional(),
          }),
        },
        { route: 'GET /api/now/table/incident', answer: () => ({ body: JSON.stringify({ result: found }) }) },
      ],
    });
  });
  afterEach(() => instance.close());

  it('one record that follows the incident to its end', async () => {
    const receipt = await open(instance.url, { assignmentGroup: 'storage' }).send(firstMessage(), never);
    expect(receipt.messageId).toBe('s24');
    await open(instance.url).send(causeFound(receipt), never);
    await open(instance.url).send(over(receipt), never);
    expect(instance.problems).toEqual([]);
    expect(instance.calls[0]?.body).toMatchObject({ impact: '1', urgency: '1', assignment_group: 'storage' });
    expect(instance.calls[1]?.body['work_notes']).toContain('likely orders-db');
    expect(instance.calls[2]?.body).toMatchObject({ state: '6', close_code: 'Solution provided' });
  });

  it('a record whose answer was lost is found by its correlation id', async () => {
    instance.failures.push({ route: create, answer: { status: 504 }, after: true });
    await expect(open(instance.url).send(firstMessage(), never)).rejects.toMatchObject({ maybeDelivered: true });
    await open(instance.url).send(firstMessage({ maybeSent: true }), never);
    expect(found).toHaveLength(1);
    expect(instance.calls.at(-1)?.route).toBe(update);
  });
});
