import type { Attributes } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createClusterNames } from './cluster-names.ts';
import { SenderCache } from './sender-cache.ts';
import { createServiceNames } from './service-names.ts';

const scope = { tenant: 'acme', environment: 'production' };
const bytes = Buffer.from('..cart..pay..');
const cart = { start: 2, end: 6 };

function subjectOf(service: string, namespace: string) {
  const attributes: Attributes = { 'service.name': service, 'service.namespace': namespace };
  return { scope, attributes, entities: { service, namespace } };
}

describe('a resource', () => {
  it('is read once for the same bytes, and again for others', () => {
    const senders = new SenderCache();
    const read = (raw: Buffer) => ({ attributes: { name: raw.toString() }, problem: null });
    const first = senders.read(bytes, cart, read);
    expect(first.attributes).toEqual({ name: 'cart' });
    expect(senders.read(Buffer.from(bytes), cart, read)).toBe(first);
    expect(senders.read(bytes, { start: 8, end: 11 }, read).attributes).toEqual({ name: 'pay' });
  });

  it('is read anew after the cache was full', () => {
    const senders = new SenderCache();
    const read = () => ({ attributes: {}, problem: null });
    const first = senders.read(bytes, cart, read);
    senders.use(16 * 1024 * 1024);
    expect(senders.read(bytes, cart, read)).toBe(first);
    senders.makeRoom();
    expect(senders.read(bytes, cart, read)).not.toBe(first);
  });
});

describe('a sender', () => {
  it('is described once for each tenant and signal', () => {
    const senders = new SenderCache();
    const attributes = {};
    const sender = senders.sender(attributes, 'spans/acme', () => subjectOf('cart', 'shop'));
    expect(senders.sender(attributes, 'spans/acme', () => subjectOf('pay', 'shop'))).toBe(sender);
    expect(senders.sender(attributes, 'spans/other', () => subjectOf('pay', 'shop'))).not.toBe(sender);
  });

  it('has one resource for each scope, until its name is shown with its namespace', () => {
    const names = createServiceNames();
    const context = { serviceNames: names, clusterNames: createClusterNames(names, () => 0) };
    const senders = new SenderCache();
    const shop = senders.sender({}, 'spans/acme', () => subjectOf('frontend', 'shop'));
    shop.learn(names);
    const before = shop.resource('lib', '1', context);
    expect(shop.resource('lib', '1', context)).toBe(before);
    expect(shop.resource('lib', '2', context)).not.toBe(before);
    senders.sender({}, 'spans/acme', () => subjectOf('frontend', 'admin')).learn(names);
    expect(shop.resource('lib', '1', context).entities.service).toBe('shop/frontend');
    expect(before.entities.service).toBe('frontend');
  });

  it('gets the workload of its pod when a cluster tells it later', () => {
    const serviceNames = createServiceNames();
    const clusterNames = createClusterNames(serviceNames, () => 0);
    const entities = { service: 'pay', pod: 'pay-0' };
    const sender = new SenderCache().sender({}, 'spans/acme', () => ({ scope, attributes: {}, entities }));
    expect(sender.resource('', '', { serviceNames, clusterNames }).entities).toEqual(entities);
    const object = { kind: 'Pod', namespace: 'shop', name: 'pay-0' };
    const known = { workload: 'pay', node: 'n1' };
    clusterNames.take('k', { scope, cluster: 'c', object, addresses: [], entities: known, fromMs: 0, toMs: null });
    expect(sender.resource('', '', { serviceNames, clusterNames }).entities).toEqual({ ...entities, ...known });
  });

  it('remembers whom its points are about', () => {
    const sender = new SenderCache().sender({}, 'metrics/acme', () => subjectOf('kube-state-metrics', ''));
    expect(sender.pointSubject('a', () => null)).toBeNull();
    expect(sender.pointSubject('a', () => ({ service: 'pay' }))).toBeNull();
    expect(sender.pointSubject('b', () => ({ service: 'pay' }))).toEqual({ service: 'pay' });
  });
});
