import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { type CheckedReceiver, startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { causeFound, over, revised } from '../../testing/messages.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { basicAuth } from '../json-call.ts';

const token = 'jira-token-02';
const base = { type: 'jira', name: 'tickets', token, project: 'OPS', user: 'f@example.com' } as const;
const open = (url: string, extra: object = {}) => openTestChannel({ ...base, url, ...extra });

channelContract({
  type: 'jira',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [token],
  healthyAnswer: { status: 201, body: '{"id":"1","key":"OPS-1"}' },
  titleOf: ({ body }) => (JSON.parse(body) as { fields: { summary: string } }).fields.summary,
});

/** https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ */
const texts = {
  summary: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\n]*$/),
  description: z.string().max(32_767),
};
const issueSchema = z.strictObject({
  fields: z.strictObject({
    ...texts,
    project: z.strictObject({ key: z.string() }),
    issuetype: z.strictObject({ name: z.string() }),
    labels: z.array(z.string().regex(/^\S+$/).max(255)),
  }),
});

describe('jira', () => {
  let jira: CheckedReceiver;
  const never = new AbortController().signal;
  const steps = () => jira.calls.map(({ request: { method, path } }) => `${method} ${path.split('?', 1)[0]}`);
  /** What the search finds. */
  let issues: { key: string }[] = [];
  beforeEach(async () => {
    issues = [];
    const search = { answer: () => ({ body: JSON.stringify({ issues }) }) };
    jira = await startCheckedReceiver({
      authorization: basicAuth(base.user, token),
      routes: [
        {
          route: 'POST /rest/api/2/issue',
          schema: issueSchema,
          answer: () => {
            issues.push({ key: 'OPS-24' });
            return { status: 201, body: '{"id":"10000","key":"OPS-24"}' };
          },
        },
        {
          route: 'PUT /rest/api/2/issue/:key',
          schema: z.strictObject({ fields: z.strictObject(texts) }),
          answer: () => ({ status: 204 }),
        },
        { route: 'POST /rest/api/2/issue/:key/comment', schema: z.strictObject({ body: z.string().min(1) }) },
        {
          route: 'POST /rest/api/2/issue/:key/transitions',
          schema: z.strictObject({ transition: z.strictObject({ id: z.string() }) }),
          answer: () => ({ status: 204 }),
        },
        { route: 'GET /rest/api/3/search/jql', ...search },
      ],
    });
  });
  afterEach(() => jira.close());

  it('one issue that follows the incident to its end', async () => {
    const receipt = await open(jira.url).send(firstMessage(), never);
    expect(receipt.messageId).toBe('OPS-24');
    for (const message of [revised(receipt), causeFound(receipt)]) await open(jira.url).send(message, never);
    // After a crash the reason is not known.
    const end = { ...over(receipt), reason: 'unfinished' };
    await open(jira.url, { resolveTransition: '31' }).send(end, never);
    expect(jira.problems).toEqual([]);
    const issue = '/rest/api/2/issue/OPS-24';
    expect(steps()).toEqual([
      'POST /rest/api/2/issue',
      `PUT ${issue}`,
      `PUT ${issue}`,
      `POST ${issue}/comment`,
      `PUT ${issue}`,
      `POST ${issue}/comment`,
      `POST ${issue}/transitions`,
    ]);
  });

  it('an issue whose answer was lost is found by its label, not created again', async () => {
    jira.failures.push({ route: 'POST /rest/api/2/issue', answer: { hangUp: true }, after: true });
    await expect(open(jira.url).send(firstMessage(), never)).rejects.toMatchObject({ maybeDelivered: true });
    const receipt = await open(jira.url).send(firstMessage({ maybeSent: true }), never);
    expect(receipt.messageId).toBe('OPS-24');
    expect(issues).toHaveLength(1);
    expect(jira.calls[1]?.request.path).toMatch(/jql=labels\+%3D\+%22faultline-[0-9a-f]{32}%22/);
  });

  it('nothing was created: it is, after the search', async () => {
    await open(jira.url).send(firstMessage({ maybeSent: true }), never);
    expect(steps()).toEqual(['GET /rest/api/3/search/jql', 'POST /rest/api/2/issue']);
  });
});

it('Jira Data Center has personal access tokens and another search', async () => {
  const jira = await startCheckedReceiver({
    authorization: `Bearer ${token}`,
    routes: [{ route: 'GET /rest/api/2/search' }, { route: 'POST /rest/api/2/issue' }],
  });
  await open(jira.url, { user: null }).send(firstMessage({ maybeSent: true }), new AbortController().signal);
  expect(jira.problems).toEqual([]);
  await jira.close();
});
