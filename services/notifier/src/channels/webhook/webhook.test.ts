import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelContract } from '../../testing/channel-contract.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { type Receiver, startReceiver } from '../../testing/receiver.ts';
import { pageJson, pageSchema } from './page-json.ts';
import { fillTemplate } from './template.ts';
import { sign } from './webhook.ts';

const secret = 'whsec-3b5f';
const create = (url: string, timeoutMs = 10_000, extra: object = {}) =>
  openTestChannel({ type: 'webhook', name: 'pager', url, secret, timeoutMs, ...extra });

channelContract({
  type: 'webhook',
  create: (url, timeoutMs) => create(`${url}hooks/k-secret-path`, timeoutMs),
  secrets: [secret, 'k-secret-path'],
  titleOf: ({ body }) => (JSON.parse(body) as { page: { headline: string } }).page.headline,
});

describe('webhook', () => {
  let receiver: Receiver;
  const never = new AbortController().signal;
  beforeAll(async () => {
    receiver = await startReceiver(() => ({ status: 202 }));
  });
  afterAll(() => receiver.close());

  it('is signed over its time and its very bytes', async () => {
    await create(receiver.url).send(firstMessage(), never);
    const [request] = receiver.requests;
    const body = request?.body ?? '';
    const headers = request?.headers ?? ({} as IncomingHttpHeaders);
    expect(headers['x-faultline-timestamp']).toBe('1767621780');
    expect(headers['x-faultline-signature']).toBe(
      `v1=${createHmac('sha256', secret).update(`1767621780.${body}`).digest('hex')}`,
    );
    expect(headers['idempotency-key']).toBe('inc1:t:first');
    expect(headers['content-type']).toBe('application/json');
  });

  it('the body has a version, the page and the incident of the API', async () => {
    await create(receiver.url).send(firstMessage(), never);
    const body = JSON.parse(receiver.requests.at(-1)?.body ?? '') as Record<string, never>;
    expect(Object.keys(body)).toEqual(['schemaVersion', 'id', 'action', 'reason', 'isPushed', 'page', 'incident']);
    expect(body).toMatchObject({
      schemaVersion: '1',
      action: 'send',
      page: { headline: 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC' },
      incident: {
        id: 'inc1',
        startedAt: '2026-03-01T14:02:00.000Z',
        resolvedAt: null,
        alerts: [{ startsAt: '2026-03-01T14:02:00.000Z', endsAt: null, labels: { service: 'checkout' } }, {}],
        hypotheses: [{ since: '2026-03-01T14:01:00.000Z', change: { id: 'c1', kind: 'deploy' } }, { change: null }],
        graph: { edges: [{ p95Ms: 310, lastSeen: '2026-03-01T14:02:04.000Z' }, {}] },
      },
    });
    expect(body).toMatchObject({ incident: { hypotheses: [{ evidence: [{ weight: 2.4 }, { query: '' }, {}] }, {}] } });
    expect(JSON.stringify(body)).toContain("Caller = 'orders'\\n    AND Callee = 'orders-db'");
    expect(JSON.stringify(body)).not.toContain('"source":{');
    expect(JSON.stringify(body)).not.toMatch(/"\w+AtMs"/);
  });

  it('the body has the published schema, also without a cause and at the end', () => {
    for (const held of [incident(), incident({ hypotheses: [], changes: [] }), resolved(3)])
      expect(() => pageSchema.parse(pageJson(firstMessage({ incident: held })))).not.toThrow();
    expect(pageSchema.safeParse({ ...pageJson(firstMessage()), schemaVersion: '2' }).success).toBe(false);
  });

  it('a template is signed like the published format', async () => {
    const template = { text: '{{page.headline}}', more: ['see {{page.link}}', 7], gone: '{{page.x}}' };
    await create(receiver.url, 10_000, { template }).send(firstMessage(), never);
    const { body = '', headers } = receiver.requests.at(-1) ?? {};
    expect(JSON.parse(body)).toEqual({
      text: firstMessage().page.headline,
      more: ['see https://faultline.example.com/incidents/inc1', 7],
      gone: null,
    });
    expect(headers?.['x-faultline-signature']).toBe(sign(secret, '1767621780', body));
  });

  it.each([
    ['{{a.b}}', 5],
    ['{{ a.list.1 }}', 'y'],
    ['<{{a.b}}> {{nothing}}', '<5> '],
    ['{{a}}!', '{"b":5,"list":["x","y"]}!'],
    ['{{a.constructor}}', null],
    ['{{a', '{{a'],
  ])('the template %s', (template, expected) => {
    expect(fillTemplate(template, { a: { b: 5, list: ['x', 'y'] } })).toEqual(expected);
  });

  it.each([
    ['longer than the limit', { body: 'x'.repeat(1_200_000) }],
    ['that never ends', { body: 'x', endless: true }],
    ['that breaks off', { headers: { 'content-length': '9' }, body: 'x', endless: true }],
  ])('a success with a body %s is a success', async (_name, answer) => {
    const odd = await startReceiver(() => ({ status: 200, ...answer }));
    await create(odd.url, 300).send(firstMessage(), never);
    expect(odd.requests).toHaveLength(1);
    await odd.close();
  });

  it('a known answer of the signature', () => {
    // printf '0.{}' | openssl dgst -sha256 -hmac key
    expect(sign('key', '0', '{}')).toBe('v1=7314351dd949aa7ec06f50fc2c96e618291447672c9b7f10b49d1ce46dad00b3');
  });
});
