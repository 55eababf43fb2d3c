/** Events as monitors send them by default, and the shapes in which labels come. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routeOf, testContext, testRequest } from '../../testing/source.ts';
import { pagerduty } from './index.ts';

const path = '/v2/enqueue';
const contentType = 'application/json';

function accepted(body: object, at = path) {
  const result = routeOf(pagerduty, at).accept(testRequest({ contentType, body }), testContext());
  if (!result.ok) throw new Error(result.problem.reason);
  return result;
}
const alertOf = (body: object, at = path) => accepted(body, at).records.alerts?.[0];
const trigger = (payload: object, more: object = {}) => ({
  routing_key: 'k',
  event_action: 'trigger',
  dedup_key: 'd',
  payload: { summary: 's', source: 'h1', severity: 'critical', ...payload },
  ...more,
});
const textOf = (service: string) =>
  `Labels:\n - alertname = HighErrorRate\n - namespace = shop\n - service = ${service}\n - severity = critical\nAnnotations:\n - service = not a label\nSource: http://prom.example/graph\n`;

describe('what a monitor fills in names nobody', () => {
  it('Alertmanager: source is its own name, the labels are a text', () => {
    const details = { firing: textOf('checkout'), resolved: '', num_firing: '1', num_resolved: '0' };
    const payload = { summary: '[FIRING:1] x', source: 'Alertmanager', severity: 'error', custom_details: details };
    expect(alertOf(trigger(payload, { client: 'Alertmanager' }))).toMatchObject({
      name: 'HighErrorRate',
      severity: 'error',
      entities: { service: 'checkout', namespace: 'shop' },
      labels: { alertname: 'HighErrorRate', service: 'checkout', num_firing: '1' },
      annotations: {},
    });
  });
  it('an event for several alerts has the labels of the first, and says so', () => {
    const details = { firing: `${textOf('checkout')}${textOf('search')}`, num_firing: '2' };
    const alert = alertOf(trigger({ source: 'Alertmanager', custom_details: details }, { client: 'Alertmanager' }));
    expect(alert).toMatchObject({
      entities: { service: 'checkout' },
      annotations: { 'faultline.note': 'The event stands for 2 alerts; its labels are those of the first' },
    });
  });
  it('Grafana: class, group, component and its own host', () => {
    const firing = '\nValue: A=1\nLabels:\n - alertname = HighErrorRate\n - service = checkout\n';
    const defaults = { class: 'default', component: 'Grafana', group: 'default', source: 'ip-10-0-0-7' };
    const alert = alertOf(trigger({ ...defaults, custom_details: { firing } }, { client: 'Grafana' }));
    expect(alert).toMatchObject({ name: 'HighErrorRate', entities: { service: 'checkout' } });
    expect(alert?.entities.node).toBeUndefined();
    expect(alertOf(trigger({ ...defaults, summary: 'It broke' }, { client: 'Grafana' }))).toMatchObject({
      name: 'It broke',
      entities: {},
    });
  });
  it('any client that is its own source', () => {
    expect(alertOf(trigger({ source: 'Zabbix' }, { client: 'Zabbix' }))?.entities).toEqual({});
    expect(alertOf(trigger({ source: 'checkout' }, { client: 'Zabbix' }))?.entities).toEqual({ service: 'checkout' });
  });
  it('an address is a machine', () => {
    expect(alertOf(trigger({ source: '10.0.0.7' }))?.entities).toEqual({ node: '10.0.0.7' });
  });
});

describe('labels in custom_details', () => {
  it.each([
    ['one level down', { labels: { service: 'checkout', alertname: 'HighErr' } }],
    ['in another object', { kubernetes: { service: 'checkout' } }],
    ['a list of names and values', [{ name: 'service', value: 'checkout' }]],
    ['a list of keys and values below', { fields: [{ key: 'service', value: 'checkout' }] }],
    ['a list of alerts', { firing: [{ labels: { alertname: 'HighErr', service: 'checkout' } }] }],
    ['tags as Datadog writes them', { tags: 'env:prod, service:checkout' }],
    ['tags in a list', { tags: ['service:checkout'] }],
    ['a text of labels', textOf('checkout')],
    ['a plain field before all others', { service: 'checkout', labels: { service: 'other' }, firing: textOf('third') }],
  ])('%s', (_what, custom_details) => {
    expect(alertOf(trigger({ custom_details }))?.entities.service).toBe('checkout');
  });
});

describe('required fields', () => {
  it.each([
    ['payload.summary', { summary: undefined }],
    ['payload.source', { source: undefined }],
    ['payload.severity', { severity: '' }],
  ])('%s', (field, payload) => {
    expect(() => accepted(trigger(payload))).toThrow(`${field}: expected a text`);
  });
});

describe('the Events API v1', () => {
  const event = {
    service_key: 'k',
    incident_key: 'i1',
    event_type: 'trigger',
    description: 'checkout fails',
    client: 'Nagios',
    details: { service: 'checkout' },
  };
  it.each([path, '/generic/2010-04-15/create_event.json'])('at %s', (at) => {
    expect(alertOf(event, at)).toMatchObject({
      fingerprint: 'i1',
      status: 'firing',
      summary: 'checkout fails',
      entities: { service: 'checkout' },
    });
    expect(alertOf({ ...event, event_type: 'resolve' }, at)?.status).toBe('resolved');
  });
  it('answers in its own manner, and names its own fields', () => {
    const route = routeOf(pagerduty, '/generic/2010-04-15/create_event.json');
    const reply = route.replyAccepted(accepted(event, route.path), { contentType });
    expect([reply.status, JSON.parse(String(reply.body))]).toMatchObject([200, { incident_key: 'i1' }]);
    expect(() => accepted({ ...event, description: '' }, route.path)).toThrow('description: expected a text');
    expect(() => accepted({ ...event, event_type: 'explode' }, route.path)).toThrow('event_type: expected');
  });
  it('keeps its key out of everything that is kept', () => {
    const route = routeOf(pagerduty, path);
    const bytes = Buffer.from(JSON.stringify(event));
    expect(route.bodyToken?.(bytes)).toBe('k');
    expect(alertOf(event)?.raw).not.toContain('service_key');
  });
});

interface PublicBody {
  readonly source: string;
  readonly body: object;
  readonly about: object;
}
const publicBodies: readonly PublicBody[] = JSON.parse(
  readFileSync(new URL('public-bodies.json', import.meta.url), 'utf8'),
);

it.each(publicBodies)('$source', ({ body, about }) => {
  expect(alertOf(body)?.entities).toEqual(about);
});
