import { describe, expect, it } from 'vitest';
import { labelsFingerprint } from '../../labels-fingerprint.ts';
import { receivedAtMs, routeOf, testContext, testRequest, testSource } from '../../testing/source.ts';
import { alertmanager } from './index.ts';

const path = '/ingest/alertmanager';
const contentType = 'application/json';
const alert = {
  status: 'firing',
  labels: { alertname: 'HighLatency', service: 'cart', env: 'prod', severity: 'page' },
  annotations: { summary: 'cart is slow' },
  startsAt: '2026-03-01T11:58:00.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: 'c0ffee',
  aFieldOfTomorrow: { kept: true },
};
const webhook = (alerts: unknown, more: object = {}) => ({
  version: '4',
  groupKey: '{}:{}',
  status: 'firing',
  receiver: 'faultline',
  alerts,
  ...more,
});
const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'v']));
const badTime = (startsAt: unknown) => ({
  path,
  contentType,
  body: webhook([{ ...alert, startsAt }]),
  records: {
    alerts: [{ startsAtMs: receivedAtMs, annotations: { 'faultline.note': expect.stringContaining('startsAt') } }],
  },
});

testSource(alertmanager, [
  {
    name: 'an alert that ended before it began, by the clocks of its senders',
    path,
    contentType,
    body: webhook([{ ...alert, status: 'resolved', endsAt: '2026-03-01T11:57:00Z' }]),
    records: {
      alerts: [{ startsAtMs: Date.UTC(2026, 2, 1, 11, 58, 0, 123), endsAtMs: Date.UTC(2026, 2, 1, 11, 58, 0, 123) }],
    },
  },
  {
    name: 'the state NoData of a rule of Grafana, which carries the name of the rule',
    path,
    contentType,
    body: webhook([{ ...alert, labels: { alertname: 'DatasourceNoData', rulename: 'HighErrors', ref_id: 'A' } }]),
    records: { alerts: [{ name: 'HighErrors', labels: { alertname: 'DatasourceNoData' } }] },
  },
  {
    name: 'equal names in two namespaces',
    path,
    contentType,
    body: webhook([
      { ...alert, labels: { alertname: 'A', deployment: 'api', namespace: 'shop' } },
      { ...alert, labels: { alertname: 'A', deployment: 'api', namespace: 'admin' } },
    ]),
    records: { alerts: [{ entities: { service: 'shop/api' } }, { entities: { service: 'admin/api' } }] },
  },
  {
    name: 'a firing alert',
    path,
    contentType,
    body: webhook([alert]),
    records: {
      alerts: [
        {
          scope: { tenant: 'acme', environment: 'production' },
          source: 'alertmanager',
          fingerprint: 'c0ffee',
          name: 'HighLatency',
          status: 'firing',
          severity: 'critical',
          summary: 'cart is slow',
          entities: { service: 'cart' },
          startsAtMs: Date.UTC(2026, 2, 1, 11, 58, 0, 123),
          endsAtMs: null,
          url: 'http://prometheus/graph',
        },
      ],
    },
  },
  {
    name: 'a resolved alert, its fingerprint computed',
    path,
    contentType,
    body: webhook([{ ...alert, status: 'resolved', endsAt: '2026-03-01T11:59:00Z', fingerprint: '' }]),
    records: {
      alerts: [
        { status: 'resolved', endsAtMs: Date.UTC(2026, 2, 1, 11, 59), fingerprint: labelsFingerprint(alert.labels) },
      ],
    },
  },
  {
    name: 'two replicas of one Prometheus',
    path,
    contentType,
    body: webhook([
      { ...alert, labels: { ...alert.labels, prometheus_replica: 'a' }, fingerprint: 'of-a' },
      { ...alert, labels: { ...alert.labels, prometheus_replica: 'b' }, fingerprint: 'of-b' },
    ]),
    records: {
      alerts: [1, 2].map(() => ({ fingerprint: labelsFingerprint(alert.labels), labels: alert.labels })),
    },
  },
  {
    name: 'a compound name of an environment',
    path,
    contentType,
    body: webhook([{ ...alert, labels: { alertname: 'A', service: 'cart', env: 'Production-EU-1' } }]),
    records: {
      alerts: [
        { scope: { tenant: 'acme', environment: 'production' }, entities: { service: 'cart', cluster: 'eu-1' } },
      ],
    },
  },
  {
    name: 'no environment',
    path,
    contentType,
    body: webhook([{ ...alert, labels: { alertname: 'A', service: 'cart' } }]),
    records: { alerts: [{ scope: { tenant: 'acme', environment: '' } }] },
  },
  { name: 'a start in 1970', ...badTime('1970-01-01T00:00:00Z') },
  { name: 'a start in 2100', ...badTime('2100-01-01T00:00:00Z') },
  { name: 'a start that is no time', ...badTime(-5) },
  { name: 'no alerts at all', path, contentType, body: webhook([]), records: { alerts: [] } },
  {
    name: 'one bad alert among good ones',
    path,
    contentType,
    body: webhook([alert, { labels: 'none' }, { ...alert, status: 'perhaps' }]),
    records: { alerts: [{ fingerprint: 'c0ffee' }] },
    badCount: 2,
  },
  {
    name: '10,000 labels',
    path,
    contentType,
    body: webhook([{ ...alert, labels: labels(10_000) }]),
    status: 400,
    reason: 'alerts[0].labels: expected at most 256 entries, not 10000',
  },
  { name: 'no alerts field', path, contentType, body: {}, status: 400, reason: 'alerts: expected an array' },
  {
    name: 'a label that is an object',
    path,
    contentType,
    body: webhook([{ ...alert, labels: { alertname: {} } }]),
    status: 400,
    reason: 'alerts[0].labels.alertname: expected a string',
  },
]);

function accept(body: object) {
  const result = routeOf(alertmanager, path).accept(testRequest({ contentType, body }), testContext());
  if (!result.ok) throw new Error(result.problem.reason);
  return result;
}

describe('alertmanager', () => {
  it('keeps every field that the source sent, also unknown ones', () => {
    const [first] =
      accept(webhook([alert], { truncatedAlerts: 3, notification_reason: 'first notification' })).records.alerts ?? [];
    expect(JSON.parse(first?.raw ?? '')).toEqual({
      ...webhook([alert]),
      truncatedAlerts: 3,
      notification_reason: 'first notification',
    });
  });

  it('notes alerts that max_alerts left out', () => {
    expect(accept(webhook([alert], { truncatedAlerts: 3 })).notes).toEqual([expect.stringContaining('3 alerts')]);
  });

  it('gives the same transition the same id, and another transition another', () => {
    const idOf = (body: object) => accept(webhook([body])).records.alerts?.[0]?.id;
    expect(idOf(alert)).toBe(idOf({ ...alert, annotations: { summary: 'other words' } }));
    expect(idOf(alert)).not.toBe(idOf({ ...alert, status: 'resolved' }));
    expect(idOf({ ...alert, startsAt: '1970-01-01T00:00:00Z' })).toBe(
      idOf({ ...alert, startsAt: '1970-01-01T00:00:00Z' }),
    );
  });

  it('does not multiply a large envelope by the number of alerts', () => {
    const body = webhook(
      Array.from({ length: 500 }, () => alert),
      { commonAnnotations: { text: 'x'.repeat(500_000) } },
    );
    const raws = accept(body).records.alerts?.map((each) => each.raw.length) ?? [];
    expect(Math.max(...raws)).toBeLessThan(20_000);
  });

  it('cuts a long label value', () => {
    const [first] = accept(webhook([{ ...alert, labels: { alertname: 'a'.repeat(100_000) } }])).records.alerts ?? [];
    expect(first?.name.length).toBe(4096);
  });
});

it('the fingerprint is the one Prometheus computes', () => {
  // Of the empty label set: FNV-1a's offset basis, as in prometheus/common model/signature.go (emptyLabelSignature).
  expect(labelsFingerprint({})).toBe('cbf29ce484222325');
  expect(labelsFingerprint({ a: 'b', c: 'd' })).toBe(labelsFingerprint({ c: 'd', a: 'b' }));
  expect(labelsFingerprint({ a: 'bc' })).not.toBe(labelsFingerprint({ ab: 'c' }));
});
