import { describe, expect, it } from 'vitest';
import { createClusterNames } from '../../cluster-names.ts';
import { createServiceNames } from '../../service-names.ts';
import { testRequest } from '../../testing/source.ts';
import { accept, attribute, ns, span } from './testing/sample.ts';

const attributesOf = (values: Record<string, string>) =>
  Object.entries(values).map(([key, stringValue]) => attribute(key, { stringValue }));

function spansOf(...senders: [attributes: Record<string, string>, ...spans: object[]][]) {
  const resourceSpans = senders.map(([attributes, ...spans]) => ({
    resource: { attributes: attributesOf(attributes) },
    scopeSpans: [{ spans: spans.length > 0 ? spans : [span] }],
  }));
  const { spans } = accept('/v1/traces', { resourceSpans }).plain;
  return (spans?.items ?? []).map((item) => ({ ...item, entities: spans?.resources[item.resource]?.entities }));
}

function metricsOf(sender: Record<string, string>, ...points: Record<string, string>[]) {
  const dataPoints = points.map((point) => ({ timeUnixNano: ns(-1), asDouble: 1, attributes: attributesOf(point) }));
  const scopeMetrics = [{ metrics: [{ name: 'container_memory_working_set_bytes', gauge: { dataPoints } }] }];
  const resourceMetrics = [{ resource: { attributes: attributesOf(sender) }, scopeMetrics }];
  const { metrics } = accept('/v1/metrics', { resourceMetrics }).plain;
  return (metrics?.items ?? []).map(({ resource: place }) => metrics?.resources[place]);
}

const scrape = { 'service.name': 'kube-state-metrics', 'service.instance.id': '10.42.9.105:8080' };
const pay = { namespace: 'shop', pod: 'pay-6b8f9c7d5-x2x4z', container: 'pay' };

describe('metrics that a collector scraped', () => {
  it('are about what their points name', () => {
    const [first, second, other] = metricsOf(scrape, pay, pay, { namespace: 'shop', deployment: 'cart' });
    expect(first?.entities).toEqual({ service: 'pay', workload: 'pay', pod: pay.pod, namespace: 'shop' });
    expect(first?.attributes).toEqual({ 'faultline.sent_by': 'kube-state-metrics' });
    expect(second).toBe(first);
    expect(other?.entities.service).toBe('cart');
  });
  it('stay with the exporter when they are about a machine or itself', () => {
    const [machine, itself] = metricsOf(scrape, { node: 'n1' }, { code: '200' });
    expect(machine).toMatchObject({ entities: { node: 'n1' }, attributes: scrape });
    expect(itself?.entities.service).toBe('kube-state-metrics');
  });
  it('of an application are its own, whatever their points say', () => {
    expect(metricsOf({ 'service.name': 'pay' }, pay)[0]?.entities).toEqual({ service: 'pay' });
  });
});

describe('spans of a proxy', () => {
  it('are about the workload before which it stands', () => {
    const attributes = attributesOf({ 'istio.canonical_service': 'cart', 'istio.namespace': 'shop' });
    const [proxied] = spansOf([{ 'service.name': 'cart.shop' }, { ...span, attributes }]);
    expect(proxied?.entities).toEqual({ service: 'cart', namespace: 'shop' });
  });
});

describe('senders without a name of their own', () => {
  it('are named by their deployment', () => {
    const unnamed = { 'service.name': 'unknown_service:java', 'k8s.namespace.name': 'shop' };
    const spans = spansOf(
      [{ ...unnamed, 'k8s.deployment.name': 'cart' }],
      [{ ...unnamed, 'k8s.deployment.name': 'pay' }],
    );
    expect(spans.map(({ entities }) => entities?.service)).toEqual(['cart', 'pay']);
  });
  it('are named by what runs them', () => {
    const spans = spansOf(
      [{ 'faas.name': 'cart-fn' }],
      [{ 'container.name': 'cart' }],
      [{ 'process.executable.name': 'cart', 'host.name': 'h1' }],
      [{}],
    );
    expect(spans.map(({ entities }) => entities?.service)).toEqual(['cart-fn', 'cart', 'cart', 'unknown']);
  });
});

describe('one name in two namespaces', () => {
  const shop = { 'service.name': 'frontend', 'service.namespace': 'shop' };
  const admin = { 'service.name': 'frontend', 'service.namespace': 'admin' };
  it('is two services', () => {
    expect(spansOf([shop], [admin]).map(({ entities }) => entities?.service)).toEqual([
      'shop/frontend',
      'admin/frontend',
    ]);
  });
  it('is the one in the caller’s namespace, or in that of the address, when it is called', () => {
    const call = (values: Record<string, string>) => ({ ...span, kind: 3, attributes: attributesOf(values) });
    const cart = { 'service.name': 'cart', 'service.namespace': 'shop' };
    const spans = spansOf(
      [shop],
      [admin],
      [cart, call({ 'peer.service': 'frontend' }), call({ 'server.address': 'frontend.admin.svc' })],
    );
    expect(spans.slice(2).map(({ attributes }) => attributes['faultline.peer'])).toEqual([
      'shop/frontend',
      'admin/frontend',
    ]);
  });
  it('stays as it is in one namespace', () => {
    expect(spansOf([shop], [shop])[0]?.entities?.service).toBe('frontend');
  });
});

it('a call to an address of a watched cluster is one to the service behind it', () => {
  const names = createClusterNames(createServiceNames(), () => 0);
  const object = { kind: 'Service', namespace: 'shop', name: 'pay' };
  const scope = { tenant: testRequest({ contentType: '', body: {} }).tenant, environment: '' };
  const binding = { scope, cluster: 'c', object, entities: { service: 'payments' }, fromMs: 0, toMs: null };
  names.take('k', { ...binding, addresses: ['10.96.0.7'] });
  const call = { ...span, kind: 3, attributes: attributesOf({ 'server.address': '10.96.0.7' }) };
  const resourceSpans = [{ resource: { attributes: [] }, scopeSpans: [{ spans: [call] }] }];
  const { spans } = accept('/v1/traces', { resourceSpans }, undefined, { clusterNames: names }).plain;
  expect(spans?.items[0]?.attributes['faultline.peer']).toBe('payments');
});
