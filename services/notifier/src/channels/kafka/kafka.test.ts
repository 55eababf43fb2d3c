import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { basicAuth } from '../json-call.ts';
import { pageSchema } from '../webhook/page-json.ts';

const password = 'bridge-3d';
const open = (url: string, extra: object = {}) =>
  openTestChannel({ type: 'kafka', name: 'topic', url, topic: 'pages', user: 'f', password, ...extra });
const never = new AbortController().signal;

channelContract({
  type: 'kafka',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [password],
  titleOf: ({ body }) =>
    (JSON.parse(body) as { records: { value: { page: { headline: string } } }[] }).records[0]?.value.page.headline ??
    '',
});

const schema = z.strictObject({ records: z.tuple([z.strictObject({ key: z.string(), value: pageSchema })]) });

it('a record is keyed by incident, with the published schema', async () => {
  const bridge = await startCheckedReceiver({
    authorization: basicAuth('f', password),
    routes: [
      { route: 'POST /topics/pages', schema, answer: () => ({ body: '{"offsets":[{"partition":0,"offset":1}]}' }) },
    ],
  });
  await open(bridge.url).send(firstMessage(), never);
  expect(bridge.problems).toEqual([]);
  expect(bridge.calls[0]?.request.headers['content-type']).toBe('application/vnd.kafka.json.v2+json');
  expect(JSON.stringify(bridge.calls[0]?.body)).toContain('"key":"faultline/default/inc1"');
  await bridge.close();
});

it.each([
  [1, 'permanent'],
  [2, 'transient'],
])('a refusal of the brokers inside a success, code %d, is %s', async (error_code, kind) => {
  const body = JSON.stringify({ offsets: [{ partition: null, offset: null, error_code, error: 'x' }] });
  const bridge = await startCheckedReceiver({
    authorization: basicAuth('f', password),
    routes: [{ route: 'POST /topics/pages', answer: () => ({ body }) }],
  });
  await expect(open(bridge.url).send(firstMessage(), never)).rejects.toMatchObject({ kind });
  await bridge.close();
});
