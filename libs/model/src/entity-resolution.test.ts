import { describe, expect, it } from 'vitest';
import { entityId, explainEntities, resolveEntities, resolvePoint, resolveResource } from './entity-resolution.ts';
import { createEntityRules, entityRuleIds } from './entity-rules.ts';

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
    ['an address counts where nothing else is there', { instance: '10.0.0.7:9100' }, { node: '10.0.0.7' }],
    ['nothing known', { colour: 'red' }, {}],
  ])('%s', (_name, labels: Record<string, string>, expected) => {
    expect(resolveEntities(labels)).toEqual(expected);
  });

  it('is not fooled by names that every object inherits', () => {
    const rules = createEntityRules({ aliases: { service: ['constructor', '__proto__'] } });
    expect(resolveEntities({}, rules)).toEqual({});
  });
});

describe('a placeholder names nothing', () => {
  it.each([
    '[no value]',
    '<no value>',
    'unknown',
    'None',
    '-',
    'default',
    'null',
    'localhost',
    '127.0.0.1:8080',
    '[::1]:9090',
  ])('%s', (value) => {
    expect(resolveEntities({ service: value, job: value, instance: value })).toEqual({});
  });
  it('a namespace may be called default', () => {
    expect(resolveEntities({ namespace: 'default' })).toEqual({ namespace: 'default' });
  });
  it('the next best label is read instead', () => {
    expect(resolveEntities({ service: '<no value>', app: 'cart' })).toEqual({ service: 'cart' });
    expect(resolveEntities({ service: 'Alertmanager', app: 'cart' })).toEqual({ service: 'cart' });
    expect(resolveEntities({ service: 'Grafana' })).toEqual({});
    expect(resolveEntities({ service: 'grafana' })).toEqual({ service: 'grafana' });
  });
});

describe('a setting', () => {
  it('adds labels, which are looked at before the built-in ones', () => {
    const rules = createEntityRules({ aliases: { service: ['team_app'] } });
    expect(resolveEntities({ team_app: 'mine', service: 'theirs' }, rules)).toEqual({ service: 'mine' });
  });
  it('removes rules of labels, exporters and placeholders', () => {
    expect(resolveEntities({ app: 'b' }, createEntityRules({ removed: ['service:app'] }))).toEqual({});
    const speaksOfIt = { job: 'snmp', service: 'snmp', instance: 'switch1', oid: '1' };
    expect(resolveEntities(speaksOfIt, createEntityRules({ removed: ['exporter:snmp'] }))).toEqual({ service: 'snmp' });
    const rules = createEntityRules({ removed: ['placeholder:default'] });
    expect(resolveEntities({ service: 'default' }, rules)).toEqual({ service: 'default' });
  });
  it('adds exporters', () => {
    const labels = { job: 'sidekick', service: 'sidekick', deployment: 'cart', x: 'y' };
    expect(resolveEntities(labels)).toMatchObject({ service: 'sidekick' });
    expect(resolveEntities(labels, createEntityRules({ exporters: ['sidekick'] }))).toEqual({
      service: 'cart',
      workload: 'cart',
    });
  });
  it('names each rule once', () => {
    expect(new Set(entityRuleIds()).size).toBe(entityRuleIds().length);
  });
});

it('an address names a service only where nothing else does', () => {
  const pod = { service: '10.1.2.3:8080', pod: 'cart-579f59597d-wc2lz' };
  expect(explainEntities(pod)).toMatchObject({
    entities: { service: 'cart' },
    passedOver: [{ label: 'service', value: '10.1.2.3:8080', reason: 'address' }],
  });
  expect(resolveEntities({ service: '10.1.2.3:8080' })).toEqual({ service: '10.1.2.3:8080' });
});

it('tells which label named what, and which were passed over and why', () => {
  const labels = { service: 'kps-kube-state-metrics', job: 'kube-state-metrics', deployment: 'cart', app: '-' };
  expect(explainEntities(labels)).toEqual({
    entities: { service: 'cart', workload: 'cart' },
    namedBy: { service: 'deployment', workload: 'deployment' },
    passedOver: [
      { label: 'service', value: 'kps-kube-state-metrics', reason: 'names-the-exporter' },
      { label: 'app', value: '-', reason: 'names-nothing' },
    ],
    exporter: 'kube-state-metrics',
  });
});

describe('the sender of telemetry', () => {
  it.each([
    ['its own name', { 'service.name': 'cart' }, 'cart'],
    [
      'an SDK’s default, beside a deployment',
      { 'service.name': 'unknown_service:java', 'k8s.deployment.name': 'cart' },
      'cart',
    ],
    [
      'an SDK’s default, beside a stateful set',
      { 'service.name': 'unknown_service', 'k8s.statefulset.name': 'pg' },
      'pg',
    ],
    [
      'an SDK’s default, beside a pod',
      { 'service.name': 'unknown_service:go', 'k8s.pod.name': 'cart-579f59597d-wc2lz' },
      'cart',
    ],
    ['an SDK’s default, alone', { 'service.name': 'unknown_service:java' }, 'unknown_service:java'],
    ['a function', { 'faas.name': 'cart-fn', 'cloud.platform': 'aws_lambda' }, 'cart-fn'],
    ['a container', { 'container.name': 'cart' }, 'cart'],
    ['a task', { 'aws.ecs.task.family': 'cart' }, 'cart'],
    ['a process before its host', { 'process.executable.name': 'cart', 'host.name': 'h1' }, 'cart'],
    ['a path of a process', { 'process.executable.path': '/usr/bin/cart' }, 'cart'],
    ['a host', { 'host.name': 'h1' }, 'h1'],
    ['nothing but a language', { 'telemetry.sdk.language': 'ruby' }, 'unknown_service:ruby'],
    ['nothing', {}, 'unknown'],
    [
      'an exporter that sends spans speaks of itself',
      { 'service.name': 'pdf-exporter', 'db.name': 'x' },
      'pdf-exporter',
    ],
  ])('%s', (_name, attributes: Record<string, string>, service) => {
    expect(resolveResource(attributes, 'spans').service).toBe(service);
  });
  it('metrics of a host name the node, not a service', () => {
    expect(resolveResource({ 'host.name': 'h1' }, 'metrics')).toEqual({ node: 'h1' });
  });
});

describe('a point of a scraped metric', () => {
  const ksm = { 'service.name': 'kube-state-metrics', 'service.instance.id': '10.42.9.105:8080' };
  it.each([
    ['a pod', ksm, { namespace: 'shop', pod: 'pay-6b8f9c7d5-x2x4z', container: 'pay' }, 'pay'],
    ['a deployment', ksm, { namespace: 'shop', deployment: 'pay' }, 'pay'],
    [
      'through a job of Prometheus’ helm chart',
      { 'service.name': 'kubernetes-nodes-cadvisor' },
      { namespace: 'shop', pod: 'pay-6b8f9c7d5-x2x4z' },
      'pay',
    ],
  ])('names %s', (_name, resource: Record<string, string>, point: Record<string, string>, service) => {
    expect(resolvePoint(resource, point)?.service).toBe(service);
  });
  it('names a node', () => {
    expect(resolvePoint(ksm, { node: 'n1', condition: 'Ready' })).toEqual({ node: 'n1' });
  });
  it('names a database', () => {
    expect(resolvePoint({ 'service.name': 'postgres-exporter' }, { datname: 'orders' })).toEqual({
      database: 'orders',
    });
  });
  it('is about its sender when it names nothing', () => {
    expect(resolvePoint(ksm, { code: '200' })).toBeNull();
    expect(resolvePoint({ 'service.name': 'pay' }, { pod: 'other-1' })).toBeNull();
  });
});

it('the most specific entity gives the id', () => {
  expect(entityId({ service: 'cart', pod: 'cart-1', cluster: 'eu' })).toBe('pod:cart-1');
  expect(entityId({ service: 'cart', node: 'n1' })).toBe('service:cart');
  expect(entityId({})).toBe('');
});
