import { expect, it } from 'vitest';
import { z } from 'zod';
import { channelContract } from '../../testing/channel-contract.ts';
import { startCheckedReceiver } from '../../testing/checked-receiver.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { basicAuth } from '../json-call.ts';

const accountSid = 'AC0123456789abcdef0123456789abcdef';
const authToken = 'twilio-31c9';
const open = (apiUrl: string, extra: object = {}) =>
  openTestChannel({
    type: 'twilio',
    name: 'phone',
    accountSid,
    authToken,
    from: '+14155550100',
    to: '+14155550101',
    apiUrl,
    ...extra,
  });
const never = new AbortController().signal;
const form = (body: string) => new URLSearchParams(body);

channelContract({
  type: 'twilio',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [authToken],
  healthyAnswer: { status: 201, body: '{"sid":"SM1"}' },
  titleOf: ({ body }) => form(body).get('Body') ?? '',
});

const number = z.string().regex(/^\+\d{6,15}$/);

it('a text message has the first line and the whole link, in two segments', async () => {
  const schema = z.strictObject({ To: number, From: number, Body: z.string().min(1).max(1600) });
  const route = `POST /2010-04-01/Accounts/${accountSid}/Messages.json`;
  const api = await startCheckedReceiver({
    authorization: basicAuth(accountSid, authToken),
    routes: [{ route, schema, answer: () => ({ status: 201, body: '{"sid":"SM9"}' }) }],
  });
  expect(await open(api.url).send(firstMessage(), never)).toMatchObject({ messageId: 'SM9' });
  expect(api.calls[0]?.body['Body']).toBe(
    'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC\nhttps://faultline.example.com/incidents/inc1',
  );
  await open(api.url).send(firstMessage({ incident: incident({ id: 'i'.repeat(290) }) }), never);
  expect(String(api.calls[1]?.body['Body'])).toMatch(/^CRIT checkout [^\n]*$/);
  expect(api.problems).toEqual([]);
  await api.close();
});

it('a call reads the first line, through a messaging service or a number', async () => {
  const schema = z.strictObject({ To: number, MessagingServiceSid: z.string(), Twiml: z.string().max(4000) });
  const route = `POST /2010-04-01/Accounts/${accountSid}/Calls.json`;
  const api = await startCheckedReceiver({
    authorization: basicAuth(accountSid, authToken),
    routes: [{ route, schema }],
  });
  const alerts = incident().alerts.map((alert) => ({ ...alert, name: 'A<B & C' }));
  await open(api.url, { mode: 'voice', from: 'MG1' }).send(firstMessage({ incident: incident({ alerts }) }), never);
  expect(api.problems).toEqual([]);
  expect(api.calls[0]?.body['Twiml']).toContain('A&lt;B &amp; C x40');
  await api.close();
});
