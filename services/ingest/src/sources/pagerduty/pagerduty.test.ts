import { describe, expect, it } from 'vitest';
import { recordsOf } from '../../record.ts';
import { receivedAtMs, routeOf, testContext, testRequest, testSource } from '../../testing/source.ts';
import { pagerduty } from './index.ts';

const path = '/v2/enqueue';
const changePath = '/v2/change/enqueue';
const contentType = 'application/json';
const routingKey = 'R0UT1NGK3YR0UT1NGK3YR0UT1NGK3Y00';
const trigger = {
  routing_key: routingKey,
  event_action: 'trigger',
  dedup_key: 'disk/db1',
  payload: {
    summary: 'Disk full on db1',
    source: 'db1.example.com',
    severity: 'error',
    timestamp: '2026-03-01T11:59:00+00:00',
    component: 'postgres',
    group: 'prod-databases',
    class: 'disk',
    custom_details: { environment: 'prod', free: 0.5, nested: { kept: 'in raw' } },
  },
  client: 'Nagios',
  client_url: 'https://nagios.example.com',
};
const change = {
  routing_key: routingKey,
  payload: {
    summary: 'Deployed cart 1.4.2',
    timestamp: '2026-03-01T11:50:00Z',
    source: 'ci',
    custom_details: { service: 'cart' },
  },
  links: [{ href: 'https://ci.example.com/1', text: 'build' }],
};

testSource(pagerduty, [
  {
    name: 'a trigger',
    path,
    contentType,
    body: trigger,
    records: {
      alerts: [
        {
          scope: { tenant: 'acme', environment: 'production' },
          fingerprint: 'disk/db1',
          name: 'disk',
          status: 'firing',
          severity: 'error',
          summary: 'Disk full on db1',
          entities: { service: 'postgres', node: 'db1.example.com' },
          labels: { free: '0.5', group: 'prod-databases' },
          startsAtMs: Date.UTC(2026, 2, 1, 11, 59),
          endsAtMs: null,
        },
      ],
    },
  },
  {
    name: 'a resolve without a payload',
    path,
    contentType,
    body: { routing_key: routingKey, event_action: 'resolve', dedup_key: 'disk/db1' },
    records: { alerts: [{ status: 'resolved', fingerprint: 'disk/db1', endsAtMs: receivedAtMs }] },
  },
  {
    name: 'an acknowledgement, which is a command for the incident of the alert',
    path,
    contentType,
    body: { routing_key: routingKey, event_action: 'acknowledge', dedup_key: 'disk/db1' },
    records: { commands: [{ incidentId: 'alert/pagerduty/disk/db1', action: { kind: 'acknowledge' } }] },
  },
  { name: 'no action', path, contentType, body: {}, status: 400, reason: 'event_action: expected trigger' },
  {
    name: 'a trigger without a summary',
    path,
    contentType,
    body: { ...trigger, payload: { source: 'x' } },
    status: 400,
    reason: 'payload.summary: expected a text',
  },
  {
    name: 'a resolve without a key',
    path,
    contentType,
    body: { event_action: 'resolve' },
    status: 400,
    reason: 'dedup_key: expected',
  },
  {
    name: '10,000 details',
    path,
    contentType,
    body: {
      ...trigger,
      payload: {
        ...trigger.payload,
        custom_details: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`d${i}`, 1])),
      },
    },
    status: 400,
    reason: 'payload.custom_details: expected at most 256',
  },
  {
    name: 'a change for every environment',
    path: changePath,
    contentType,
    body: change,
    records: {
      changes: [
        {
          scope: { tenant: 'acme', environment: '' },
          kind: 'deploy',
          entities: { service: 'cart' },
          startedAtMs: Date.UTC(2026, 2, 1, 11, 50),
          url: 'https://ci.example.com/1',
        },
      ],
    },
  },
  {
    name: 'a change without a summary',
    path: changePath,
    contentType,
    body: { payload: {} },
    status: 400,
    reason: 'payload.summary',
  },
]);

function accept(at: string, body: object, context = testContext()) {
  const result = routeOf(pagerduty, at).accept(testRequest({ contentType, body }), context);
  if (!result.ok) throw new Error(result.problem.reason);
  return result;
}

describe('pagerduty', () => {
  it('answers as PagerDuty does', () => {
    const route = routeOf(pagerduty, path);
    const reply = route.replyAccepted(accept(path, trigger), { contentType });
    expect(reply.status).toBe(202);
    expect(JSON.parse(String(reply.body))).toEqual({
      status: 'success',
      message: 'Event processed',
      dedup_key: 'disk/db1',
    });
  });

  it('makes a new alert of each trigger without a key', () => {
    const { dedup_key: _none, ...keyless } = trigger;
    const ids = ['one', 'two'].map((uniqueId) => accept(path, keyless, testContext({ uniqueId })).records.alerts?.[0]);
    expect(ids.map((alert) => alert?.fingerprint)).toEqual(['one', 'two']);
    expect(ids[0]?.id).not.toBe(ids[1]?.id);
  });

  it.each(['resolve', 'acknowledge'])('%s needs no environment to meet its trigger', (action) => {
    const keys = [trigger, { event_action: action, dedup_key: trigger.dedup_key }].flatMap((body) => {
      const records = recordsOf(accept(path, body).records, {
        source: 'pagerduty',
        requestHash: 'r',
        receivedAtMs: 0,
        blockBytes: 1000,
        maxRecordBytes: 100_000,
        partitionOf: () => 1,
      });
      return records.map(({ key }) => key);
    });
    expect(keys).toEqual(['acme/', 'acme/']);
  });

  it('a label of a replica is no part of the alert', () => {
    const details = { ...trigger.payload.custom_details, prometheus_replica: 'a' };
    const body = { ...trigger, payload: { ...trigger.payload, custom_details: details } };
    expect(accept(path, body).records.alerts?.[0]?.labels).not.toHaveProperty('prometheus_replica');
  });

  it.each([
    ['alert', path, trigger],
    ['acknowledgement', path, { ...trigger, event_action: 'acknowledge' }],
    ['change', changePath, change],
  ])('keeps the routing key out of what is kept and told: %s', (_name, at, body) => {
    const route = routeOf(pagerduty, at);
    const result = accept(at, body);
    expect(JSON.stringify([result.records, route.replyAccepted(result, { contentType })])).not.toContain(routingKey);
  });

  it.each([
    JSON.stringify(trigger),
    `{"routing_key" : "${routingKey}", "broken`,
    `{"routing_key":"${routingKey}`,
    `{"rout\\u0069ng_key":"${routingKey}","event_action":"none"}`,
  ])('keeps the routing key out of dead letters: %#', (body) => {
    expect(routeOf(pagerduty, path).redact?.(Buffer.from(body)).toString()).not.toContain(routingKey);
  });

  it('gives the routing key as the token', () => {
    expect(routeOf(pagerduty, path).bodyToken?.(Buffer.from(JSON.stringify(trigger)))).toBe(routingKey);
    expect(routeOf(pagerduty, path).bodyToken?.(Buffer.from('{'))).toBeNull();
  });
});
