import type { Entities } from '@faultline/model';
import { expect, it } from 'vitest';
import { createServiceNames, placeOf, type ServiceNames } from './service-names.ts';

const scope = { tenant: 'acme', environment: 'production' };
const sender = (service: string, attributes: Record<string, string>) =>
  placeOf(
    scope,
    { service, ...(attributes['k8s.namespace.name'] && { namespace: attributes['k8s.namespace.name'] }) },
    attributes,
  );
const named = (names: ServiceNames, service: string, attributes: Record<string, string> = {}): Entities['service'] =>
  names.qualify(sender(service, attributes)).service;

const shop = { 'service.namespace': 'shop' };
const admin = { 'service.namespace': 'admin' };

it('a name stays as it is while one namespace uses it', () => {
  const names = createServiceNames();
  names.learn(sender('frontend', shop), 'telemetry');
  names.learn(sender('frontend', shop), 'telemetry');
  expect(named(names, 'frontend', shop)).toBe('frontend');
  expect(names.hasShared(scope)).toBe(false);
});

it('a name that two namespaces use carries its namespace', () => {
  const names = createServiceNames();
  for (const place of [shop, admin]) names.learn(sender('frontend', place), 'telemetry');
  names.learn(sender('cart', shop), 'telemetry');
  expect(named(names, 'frontend', shop)).toBe('shop/frontend');
  expect(named(names, 'frontend', admin)).toBe('admin/frontend');
  expect(named(names, 'cart', shop)).toBe('cart');
  expect(named(names, 'frontend')).toBe('frontend');
  expect(names.hasShared({ ...scope, environment: 'staging' })).toBe(false);
});

it('who names no environment means the namespaces of any', () => {
  const names = createServiceNames();
  for (const place of [shop, admin]) names.learn(sender('frontend', place), 'telemetry');
  const unnamed = placeOf({ ...scope, environment: '' }, { service: 'frontend' }, shop);
  expect(names.qualify(unnamed).service).toBe('shop/frontend');
  expect(names.qualify({ ...unnamed, scope: { tenant: 'other', environment: '' } }).service).toBe('frontend');
});

it('without service.namespace the namespace of Kubernetes counts', () => {
  const names = createServiceNames();
  for (const namespace of ['shop', 'admin'])
    names.learn(sender('frontend', { 'k8s.namespace.name': namespace }), 'telemetry');
  expect(named(names, 'frontend', { 'k8s.namespace.name': 'admin' })).toBe('admin/frontend');
});

it('one service under two namespaces of Kubernetes is one where OpenTelemetry says so', () => {
  const names = createServiceNames();
  for (const namespace of ['prod-eu', 'prod-us'])
    names.learn(sender('cart', { ...shop, 'k8s.namespace.name': namespace }), 'telemetry');
  names.learn(sender('cart', { 'k8s.namespace.name': 'prod-eu' }), 'telemetry');
  expect(named(names, 'cart', shop)).toBe('cart');
});

it('finds service.namespace from the namespace of Kubernetes that was seen beside it', () => {
  const names = createServiceNames();
  names.learn(sender('frontend', { ...shop, 'k8s.namespace.name': 'prod-eu' }), 'telemetry');
  names.learn(sender('frontend', admin), 'telemetry');
  expect(named(names, 'frontend', { 'k8s.namespace.name': 'prod-eu' })).toBe('shop/frontend');
  expect(named(names, 'frontend', { 'k8s.namespace.name': 'other' })).toBe('frontend');
  expect(names.qualifyName(scope, 'frontend', 'admin')).toBe('admin/frontend');
});

it('reads a job of Prometheus as OpenTelemetry writes it', () => {
  expect(placeOf(scope, { service: 'frontend' }, { job: 'shop/frontend' }).serviceNamespace).toBe('shop');
  expect(placeOf(scope, { service: 'frontend' }, { job: 'monitoring/node' }).serviceNamespace).toBe('');
});

it('a setting makes a name carry its namespace from the start', () => {
  expect(named(createServiceNames(['frontend']), 'frontend', shop)).toBe('shop/frontend');
});

it('alerts tell of namespaces as long as no telemetry does', () => {
  const names = createServiceNames();
  for (const namespace of ['shop', 'admin']) names.learn(sender('api', { 'k8s.namespace.name': namespace }), 'alert');
  expect(named(names, 'api', { 'k8s.namespace.name': 'shop' })).toBe('shop/api');
  names.learn(sender('api', shop), 'telemetry');
  names.learn(sender('api', { 'k8s.namespace.name': 'monitoring' }), 'alert');
  expect(named(names, 'api', shop)).toBe('api');
});
