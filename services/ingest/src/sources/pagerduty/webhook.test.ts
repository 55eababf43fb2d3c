import { describe, expect, it } from 'vitest';
import { receivedAtMs, routeOf, testContext, testRequest, testSource } from '../../testing/source.ts';
import { pagerduty } from './index.ts';

const path = '/ingest/pagerduty';
const contentType = 'application/json';
/** As in https://developer.pagerduty.com/docs/webhooks-overview */
const data = {
  id: 'PGR0VU2',
  type: 'incident',
  html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
  status: 'triggered',
  incident_key: 'nagios/checkout',
  created_at: '2026-03-01T11:59:00Z',
  title: 'checkout answers slowly',
  service: { id: 'PF9KMXH', summary: 'checkout', type: 'service_reference' },
  priority: { id: 'PSO75BM', summary: 'P1', type: 'priority_reference' },
  urgency: 'high',
};
const event = (event_type: string, changed: object = {}, incident: object = {}) => ({
  event: {
    id: '01CH754SM17TWPE2V2H4VPBRO7',
    event_type,
    resource_type: 'incident',
    occurred_at: '2026-03-01T11:59:02.169Z',
    agent: { type: 'user_reference', summary: 'Mira Okafor' },
    data: { ...data, ...incident },
    ...changed,
  },
});
const alert = {
  fingerprint: 'nagios/checkout',
  name: 'checkout answers slowly',
  status: 'firing',
  severity: 'critical',
  entities: { service: 'checkout' },
  labels: { pagerduty_incident: 'PGR0VU2', priority: 'P1' },
  startsAtMs: Date.UTC(2026, 2, 1, 11, 59),
  url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
} as const;

testSource(pagerduty, [
  {
    name: 'an incident of another tool',
    path,
    contentType,
    body: event('incident.triggered'),
    records: { alerts: [alert] },
  },
  {
    name: 'its end',
    path,
    contentType,
    body: event('incident.resolved'),
    records: {
      alerts: [{ status: 'resolved', fingerprint: 'nagios/checkout', endsAtMs: Date.UTC(2026, 2, 1, 11, 59, 2, 169) }],
    },
  },
  {
    name: 'an incident that a person opened',
    path,
    contentType,
    body: event('incident.triggered', {}, { incident_key: null, urgency: 'low' }),
    records: { alerts: [{ fingerprint: 'PGR0VU2', severity: 'warning' }] },
  },
  {
    name: 'an acknowledgement by a person',
    path,
    contentType,
    body: event('incident.acknowledged'),
    records: {
      commands: [
        { incidentId: 'alert/pagerduty/nagios/checkout', actor: 'Mira Okafor', action: { kind: 'acknowledge' } },
      ],
    },
  },
]);

describe('webhooks of PagerDuty', () => {
  const accept = (body: object) => routeOf(pagerduty, path).accept(testRequest({ contentType, body }), testContext());

  it.each([
    ['an incident that Faultline opened', event('incident.triggered', {}, { incident_key: 'faultline/acme/inc1' })],
    ['another kind of event', event('incident.priority_updated')],
    ['a word of the language', event('constructor')],
    ['a ping', { event: { event_type: 'pagey.ping', data: { type: 'ping' } } }],
  ])('%s is accepted and adds nothing', (_name, body) => {
    expect(accept(body)).toMatchObject({ ok: true, records: {} });
  });

  it('what a tool acknowledged is no act of a person', () => {
    const body = event('incident.acknowledged', { agent: { type: 'inbound_integration_reference' } });
    expect(accept(body)).toMatchObject({ ok: true, records: { commands: [] } });
  });

  it('a repeated delivery has the same id, and a missing time is that of the receipt', () => {
    const alertOf = (body: object) => {
      const accepted = accept(body);
      return accepted.ok ? accepted.records.alerts?.[0] : undefined;
    };
    expect(alertOf(event('incident.triggered'))?.id).toBe(alertOf(event('incident.triggered'))?.id);
    const timeless = event('incident.triggered', { occurred_at: 'soon' }, { created_at: null });
    expect(alertOf(timeless)?.startsAtMs).toBe(receivedAtMs);
  });

  it.each([
    {},
    { event: 5 },
    { event: { event_type: 'incident.triggered' } },
    event('incident.triggered', {}, { id: '', incident_key: '' }),
  ])('%j is refused', (body) => {
    expect(accept(body)).toMatchObject({ ok: false, status: 400 });
  });
});
