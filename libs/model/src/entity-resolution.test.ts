import { describe, expect, it } from 'vitest';
import { defaultEntityAliases, entityId, environmentOf, extendAliases, resolveEntities } from './entity-resolution.ts';

describe('resolveEntities', () => {
  it.each([
    ['OpenTelemetry', { 'service.name': 'cart', 'k8s.pod.name': 'cart-7c9' }, { service: 'cart', pod: 'cart-7c9' }],
    ['Prometheus', { service: 'cart', namespace: 'shop' }, { service: 'cart', namespace: 'shop' }],
    ['the better name wins', { app: 'b', 'service.name': 'a' }, { service: 'a' }],
    ['blank is absent', { 'service.name': ' ', app: 'b' }, { service: 'b' }],
    ['a job names the service', { job: 'shop/cart', instance: '10.0.0.1:8080' }, { service: 'cart' }],
    ['an exporter is not the service', { job: 'node-exporter', instance: 'db1:9100' }, { node: 'db1' }],
    [
      'a pod names its workload, which stands in for the service',
      { job: 'kube-state-metrics', pod: 'cart-579f59597d-wc2lz' },
      { pod: 'cart-579f59597d-wc2lz', workload: 'cart', service: 'cart' },
    ],
    ['a stateful pod as well', { pod: 'kafka-2' }, { pod: 'kafka-2', workload: 'kafka', service: 'kafka' }],
    ['nothing known', { colour: 'red' }, {}],
  ])('%s', (_name, labels, expected) => {
    expect(resolveEntities(labels)).toEqual(expected);
  });

  it('takes a user’s own name before the built-in ones', () => {
    const aliases = extendAliases(defaultEntityAliases, { service: ['team_app'] });
    expect(resolveEntities({ team_app: 'mine', service: 'theirs' }, aliases)).toEqual({ service: 'mine' });
  });

  it('is not fooled by names that every object inherits', () => {
    const aliases = extendAliases(defaultEntityAliases, { service: ['constructor', '__proto__'] });
    expect(resolveEntities({}, aliases)).toEqual({});
  });
});

it('the most specific entity gives the id', () => {
  expect(entityId({ service: 'cart', pod: 'cart-1', cluster: 'eu' })).toBe('pod:cart-1');
  expect(entityId({ service: 'cart', node: 'n1' })).toBe('service:cart');
  expect(entityId({})).toBe('');
});

it('the environment is fit for a topic key', () => {
  expect(environmentOf({ 'deployment.environment.name': 'eu/prod', env: 'x' })).toBe('eu-prod');
  expect(environmentOf({ env: 'staging' })).toBe('staging');
  expect(environmentOf({})).toBe('');
});
