import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallbackRequest } from '../../callbacks/callback.ts';
import { formatReference } from '../../callbacks/reference.ts';
import type { ChannelMessage } from '../../channel.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { pagerdutyConfig, urlsOf } from './config.ts';
import { fakeApiToken, fakeRoutingKey, type PagerdutyFake, startPagerdutyFake } from './pagerduty-fake.ts';
import { receiveWebhook } from './webhook.ts';

const base = { type: 'pagerduty', name: 'pager', routingKey: fakeRoutingKey } as const;
const open = (url: string, extra: object = {}) => openTestChannel({ ...base, eventsUrl: url, apiUrl: url, ...extra });
const rest = { apiToken: fakeApiToken, from: 'faultline@example.com', causeField: 'likely_cause' };
const key = formatReference(incident());

channelContract({
  type: 'pagerduty',
  create: (url, timeoutMs = 10_000) => open(url, { timeoutMs }),
  secrets: [fakeRoutingKey],
  titleOf: ({ body }) => (JSON.parse(body) as { payload: { summary: string } }).payload.summary,
});

const nobodyKnows = { verdict: 'inconclusive', evidenceState: 'pending', hypotheses: [] } as const;
const foreign = incident().alerts.map((alert) => ({ ...alert, source: 'pagerduty', fingerprint: 'nagios/checkout' }));

describe('pagerduty', () => {
  let pagerduty: PagerdutyFake;
  const never = new AbortController().signal;
  const send = (extra: Partial<ChannelMessage> = {}, config: object = {}) =>
    open(pagerduty.url, config).send(firstMessage(extra), never);
  beforeEach(async () => {
    pagerduty = await startPagerdutyFake();
  });
  afterEach(() => pagerduty.close());

  it('an event carries the cause, who can help, and the links', async () => {
    await send();
    const [page] = pagerduty.incidents;
    expect(page?.title).toBe('CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC');
    expect(page?.log[0]).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'faultline/default/inc1',
      client_url: 'https://faultline.example.com/incidents/inc1',
      links: [
        { href: 'https://faultline.example.com/incidents/inc1', text: 'Open the incident' },
        { href: 'https://wiki.example.com/postgres-slow', text: 'Postgres is slow' },
      ],
      payload: {
        source: 'checkout',
        severity: 'critical',
        component: 'orders-db',
        group: 'production',
        class: 'latency',
        timestamp: '2026-03-01T14:02:00.000Z',
        custom_details: { owner: 'storage #storage-oncall (owns orders-db)' },
      },
    });
    expect(JSON.stringify(page?.log[0])).toMatch(/"custom_details":\{"cause":.*"owner":.*"runbook":.*"path":/);
  });

  it('the whole life of an incident is one PagerDuty incident', async () => {
    const receipt = await send();
    const edit = { ...receipt, action: 'edit', isPushed: false } as const;
    await send({ ...edit, incident: incident({ status: 'acknowledged' }) });
    expect(pagerduty.incidents.map(({ status }) => status)).toEqual(['acknowledged']);
    await send({ ...edit, incident: resolved(9) });
    expect(pagerduty.incidents.map(({ status }) => status)).toEqual(['resolved']);
  });

  it('a lost answer and a retry are one incident', async () => {
    pagerduty.failures.push({ call: 'POST /v2/enqueue', answer: { hangUp: true }, after: true });
    await expect(send()).rejects.toMatchObject({ kind: 'transient', maybeDelivered: true });
    await send({ maybeSent: true });
    expect(pagerduty.incidents).toHaveLength(1);
  });

  it('a cause that is found later becomes title, note and field', async () => {
    const receipt = await send({ incident: incident(nobodyKnows) }, rest);
    expect(pagerduty.incidents[0]?.title).toContain('cause not known yet');
    await send({ ...receipt, action: 'edit', idempotencyKey: 'inc1:t:3' }, rest);
    const [page] = pagerduty.incidents;
    expect(page?.title).toContain('likely orders-db');
    expect(page?.notes).toEqual([expect.stringContaining('CRIT checkout HighLatency x40')]);
    expect(page?.fields).toEqual({ likely_cause: expect.stringContaining('orders-db on orders-db-0') });
    expect(pagerduty.incidents).toHaveLength(1);
  });

  it('a note whose answer was lost is not written twice', async () => {
    const receipt = await send({}, rest);
    const edit = { ...receipt, action: 'edit', idempotencyKey: 'inc1:t:3' } as const;
    pagerduty.failures.push({ call: 'POST /incidents', answer: { status: 502 }, after: true });
    await expect(send(edit, rest)).rejects.toMatchObject({ kind: 'transient' });
    await send({ ...edit, maybeSent: true }, rest);
    expect(pagerduty.incidents[0]?.notes).toHaveLength(1);
  });

  it('an incident that another tool opened is enriched: a note and a field, and no second page', async () => {
    const theirs = pagerduty.open('nagios/checkout');
    const receipt = await send({ incident: incident({ alerts: foreign }) }, rest);
    expect(receipt.messageId).toBe(`pagerduty:${theirs.id}`);
    expect(pagerduty.calls).not.toContain('POST /v2/enqueue');
    expect(theirs.notes).toEqual([expect.stringContaining('likely orders-db')]);
    expect(theirs.fields['likely_cause']).toContain('orders-db');
    expect(theirs.title).toBe('opened by another tool');
    const edit = { ...receipt, action: 'edit', isPushed: false } as const;
    await send({ ...edit, incident: incident({ alerts: foreign, alertCount: 99 }) }, rest);
    await send({ ...edit, incident: resolved(9), idempotencyKey: 'inc1:t:9' }, rest);
    expect(theirs.notes).toEqual([expect.anything(), expect.stringContaining('RESOLVED')]);
    expect(pagerduty.incidents).toHaveLength(1);
  });

  it('an incident that PagerDuty itself told of is enriched without a search', async () => {
    const theirs = pagerduty.open('key-of-another-service');
    const alerts = foreign.map((alert) => ({ ...alert, labels: { pagerduty_incident: theirs.id } }));
    await send({ incident: incident({ alerts }) }, rest);
    expect(theirs.notes).toEqual([expect.stringContaining('likely orders-db')]);
    expect(pagerduty.calls.some((call) => call.startsWith('GET'))).toBe(false);
    expect(pagerduty.incidents).toHaveLength(1);
  });

  it('an alert in PagerDuty’s format that never reached PagerDuty is paged', async () => {
    await send({ incident: incident({ alerts: foreign }) }, rest);
    expect(pagerduty.incidents.map(({ incident_key }) => incident_key)).toEqual([key]);
  });

  it('a REST key that is refused keeps no page from being sent, and is reported', async () => {
    const warnings: string[] = [];
    const config = { ...base, eventsUrl: pagerduty.url, apiUrl: pagerduty.url, apiToken: 'wrong' };
    const channel = openTestChannel(config, { warn: (text) => warnings.push(text) });
    await channel.send(firstMessage({ incident: incident({ alerts: foreign }) }), never);
    expect(pagerduty.incidents).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/REST API of PagerDuty refused .* answered 401$/)]);
  });

  it('a REST API that is down now is no proof that PagerDuty has no incident', async () => {
    pagerduty.failures.push({ call: 'GET /incidents', answer: { status: 503 } });
    await expect(send({ incident: incident({ alerts: foreign }) }, rest)).rejects.toMatchObject({ kind: 'transient' });
    expect(pagerduty.incidents).toHaveLength(0);
  });

  it.each([
    ['a huge title', incident({ title: 'x'.repeat(100_000), alerts: [], hypotheses: [] })],
    ['a long runbook address', incident({ runbooks: [{ title: 'r', url: `https://w.example/${'x'.repeat(4000)}` }] })],
    ['a runbook that is no address', incident({ runbooks: [{ title: 'see wiki', url: 'see wiki' }] })],
    ['long names', incident({ scope: { tenant: 't'.repeat(200), environment: 'e'.repeat(200) } })],
  ])('PagerDuty accepts %s', async (_name, scene) => {
    await send({ incident: scene });
    expect(pagerduty.incidents).toHaveLength(1);
  });

  it('the EU region has its own hosts', () => {
    const urls = urlsOf(pagerdutyConfig.parse({ ...base, region: 'eu' }));
    expect(urls).toEqual({ events: 'https://events.eu.pagerduty.com/', api: 'https://api.eu.pagerduty.com/' });
  });
});

describe('webhooks of PagerDuty', () => {
  const secret = 'pd-webhook-9d';
  const config = pagerdutyConfig.parse({ ...base, webhookSecret: secret });
  const person = { type: 'user_reference', summary: 'Mira Okafor', id: 'PLH1HKV' };
  const event = (changed: object = {}, data: object = {}) => ({
    id: '01CH754SM17TWPE2V2H4VPBRO7',
    event_type: 'incident.acknowledged',
    resource_type: 'incident',
    occurred_at: '2026-03-01T14:05:22.169Z',
    agent: person,
    data: { id: 'PGR0VU2', type: 'incident', incident_key: key, status: 'acknowledged', assignees: [], ...data },
    ...changed,
  });
  const requestOf = (payload: object, signatureSecret = secret): CallbackRequest => {
    const body = Buffer.from(JSON.stringify({ event: payload }));
    const signature = createHmac('sha256', signatureSecret).update(body).digest('hex');
    return { headers: { 'x-pagerduty-signature': `v1=00,v1=${signature}` }, body, nowMs: 0 };
  };
  const received = (payload: object) => receiveWebhook(config, requestOf(payload));

  it.each([
    ['incident.acknowledged', { kind: 'acknowledge' }],
    ['incident.resolved', { kind: 'resolve', resolution: 'resolved in PagerDuty' }],
    ['incident.reopened', { kind: 'reopen' }],
  ])('%s by a person is a command with the name', (event_type, action) => {
    expect(received(event({ event_type }))).toMatchObject({
      status: 200,
      commands: [
        {
          id: 'pagerduty/01CH754SM17TWPE2V2H4VPBRO7',
          reference: { tenant: 'default', incidentId: 'inc1' },
          actor: 'Mira Okafor',
          action,
        },
      ],
    });
  });

  it('a reassignment is noted', () => {
    const assignees = [{ summary: 'Ada Lovelace' }];
    const { commands } = received(event({ event_type: 'incident.reassigned' }, { assignees }));
    expect(commands[0]?.action).toEqual({ kind: 'note', text: 'Assigned in PagerDuty to Ada Lovelace' });
  });

  it.each([
    ['what Faultline itself sent', event({ agent: { type: 'inbound_integration_reference' } })],
    ['what nobody did', event({ agent: null })],
    ['an incident of another tool', event({}, { incident_key: 'nagios/checkout' })],
    ['another kind of event', event({ event_type: 'incident.priority_updated' })],
    ['a ping', { event_type: 'pagey.ping', data: { type: 'ping' } }],
  ])('%s is accepted and changes nothing', (_name, payload) => {
    expect(received(payload)).toMatchObject({ status: 200, commands: [] });
  });

  it('refuses an unknown signature, and everything without a secret', () => {
    expect(receiveWebhook(config, requestOf(event(), 'other'))).toMatchObject({ status: 401, commands: [] });
    expect(receiveWebhook(config, { headers: {}, body: Buffer.from('{}'), nowMs: 0 }).status).toBe(401);
    expect(receiveWebhook(pagerdutyConfig.parse(base), requestOf(event())).status).toBe(404);
  });

  it('a signed body that is no JSON changes nothing', () => {
    const body = Buffer.from('[');
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'x-pagerduty-signature': `v1=${signature}` };
    expect(receiveWebhook(config, { headers, body, nowMs: 0 })).toMatchObject({ status: 200, commands: [] });
  });
});
