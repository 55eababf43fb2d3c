import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelContract, firstMessage } from '../../testing/channel-contract.ts';
import { type Receiver, startReceiver } from '../../testing/receiver.ts';
import { isForbiddenAddress } from '../address.ts';
import { webhookConfig } from './config.ts';
import { createWebhook, sign } from './webhook.ts';

const secret = 'whsec-3b5f';
const create = (url: string, timeoutMs = 10_000) =>
  createWebhook(webhookConfig.parse({ type: 'webhook', name: 'pager', url, secret, timeoutMs }), {
    clock: () => 1_767_621_780_500,
  });

channelContract({
  name: 'webhook',
  create: (url, timeoutMs) => create(`${url}hooks/k-secret-path`, timeoutMs),
  secrets: [secret, 'k-secret-path'],
  wellAnswer: { status: 202, body: '{}' },
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
    expect(Object.keys(body)).toEqual(['schemaVersion', 'action', 'reason', 'page', 'incident']);
    expect(body).toMatchObject({
      schemaVersion: '1',
      action: 'send',
      page: { headline: 'CRIT checkout HighLatency x40 (prod): likely postgres-orders, slow since 14:01 UTC' },
      incident: {
        id: 'inc1',
        startedAt: '2026-01-05T14:02:00.000Z',
        resolvedAt: null,
        alerts: [{ startsAt: '2026-01-05T14:02:00.000Z', endsAt: null, labels: { service: 'checkout' } }, {}],
        hypotheses: [{ since: '2026-01-05T14:01:00.000Z', change: { id: 'c1', kind: 'deploy' } }, { change: null }],
        graph: { edges: [{ p95Ms: 310, lastSeen: '2026-01-05T14:02:00.000Z' }] },
      },
    });
    expect(body).toMatchObject({ incident: { hypotheses: [{ evidence: [{ weight: 2.4 }, { query: '' }, {}] }, {}] } });
    expect(JSON.stringify(body)).toContain("Caller = 'orders'\\n    AND Callee = 'postgres-orders'");
    expect(JSON.stringify(body)).not.toContain('"source":{');
    expect(JSON.stringify(body)).not.toMatch(/"\w+AtMs"/);
  });

  it('a known answer of the signature', () => {
    // printf '0.{}' | openssl dgst -sha256 -hmac key
    expect(sign('key', '0', '{}')).toBe('v1=7314351dd949aa7ec06f50fc2c96e618291447672c9b7f10b49d1ce46dad00b3');
  });
});

it.each([
  ['169.254.169.254', true],
  ['::ffff:169.254.169.254', true],
  ['fe80::1%eth0', true],
  ['fd00:ec2::254', true],
  ['0.0.0.0', true],
  ['::', true],
  ['127.0.0.1', false],
  ['10.0.0.1', false],
  ['fd00::1', false],
  ['93.184.216.34', false],
])('%s forbidden: %s', (address, expected) => {
  expect(isForbiddenAddress(address)).toBe(expected);
});
