import { describe, expect, it } from 'vitest';
import { mechanismOfAlert, mechanismOfAlerts } from './alert-mechanism.ts';
import { isExternal } from './host-name.ts';
import { isErrorLine, isErrorText, mechanismOf } from './log-mechanism.ts';
import { isOfNode, subjectOf, tellingNames, worseDirection } from './metric-subject.ts';

describe('subjectOf', () => {
  it.each([
    ['container_cpu_usage_seconds_total', 'cpu'],
    ['k8s.pod.memory.working_set', 'memory'],
    ['http.server.request.duration', 'latency'],
    ['db.client.connection.pending_requests', 'pool'],
    ['kafka_consumergroup_lag', 'queue'],
    ['process_open_sockets', 'pool'],
    ['http_requests_total', 'requests'],
    ['build_info', 'other'],
  ])('%s measures %s', (metric, subject) => {
    expect(subjectOf(metric)).toBe(subject);
  });

  it('takes parts of a histogram for what they count', () => {
    expect(subjectOf('http_request_duration_seconds_bucket')).toBe('other');
    expect(subjectOf('http_request_duration_seconds_count')).toBe('requests');
    expect(subjectOf('http_request_duration_seconds_sum')).toBe('latency');
    expect(subjectOf('thread_pool_count')).toBe('pool');
  });
});

it('every metric that is judged is asked for, and no other', () => {
  const asked = new RegExp(tellingNames);
  const names = ['cpu.time', 'jvm.memory.used', 'http.server.duration', 'queue.depth', 'disk.io', 'rpc.errors'];
  expect(names.filter((name) => !asked.test(name))).toEqual([]);
  expect(asked.test('kube_pod_container_status_restarts_total')).toBe(true);
  expect(['build_info', 'network.packets', 'up'].filter((name) => asked.test(name))).toEqual([]);
});

it('metrics of a machine belong to no service', () => {
  expect(isOfNode('node_cpu_seconds_total')).toBe(true);
  expect(isOfNode('process.cpu.time')).toBe(false);
});

it('successes get worse downwards', () => {
  expect((['success', 'errors', 'latency', 'cpu'] as const).map(worseDirection)).toEqual([-1, 1, 1, 0]);
});

describe('log lines', () => {
  it.each([
    ['getaddrinfo ENOTFOUND orders', 'dns'],
    ['x509: certificate has expired or is not yet valid', 'credential'],
    ['FATAL: remaining connection slots are reserved', 'pool'],
    ['Timeout waiting for connection from pool', 'pool'],
    ['write /data/x: no space left on device', 'disk'],
    ['java.lang.OutOfMemoryError: Java heap space', 'memory'],
    ['order * placed', null],
  ])('%s: %s', (text, mechanism) => {
    expect(mechanismOf(text)).toBe(mechanism);
  });

  it('are errors by their words or by their severity', () => {
    expect(isErrorText('order * placed')).toBe(false);
    expect(isErrorText('request failed')).toBe(true);
    expect(isErrorLine({ text: 'order * placed', severityNumber: 17 })).toBe(true);
    expect(isErrorLine({ text: 'order * placed', severityNumber: 9 })).toBe(false);
  });
});

it.each([
  ['PodCrashLooping', 'down'],
  ['KafkaConsumerLag', 'queue'],
  ['NodeNotReady', 'node'],
  ['KubeNodeUnreachable', 'node'],
  ['KafkaConsumersGroupLag', 'queue'],
  ['TelemetryAbsent', 'blind'],
  ['KubeJobFailed', null],
  ['CertificateExpiringSoon', 'credential'],
  ['HighLatency', null],
])('an alert %s names %s', (name, mechanism) => expect(mechanismOfAlert({ name, labels: {} })).toBe(mechanism));

describe('the mechanism of alerts', () => {
  const labels = { reason: 'OOMKilled' };

  it('is memory where the container was killed for it, whatever the rule is called', () => {
    expect(mechanismOfAlert({ name: 'KubePodCrashLooping', labels })).toBe('memory');
    expect(mechanismOfAlert({ name: 'KubePodCrashLooping', labels: { reason: 'CrashLoopBackOff' } })).toBe('down');
  });

  it('of several is the most telling one', () => {
    const [down, slow, killed] = ['PodDown', 'HighLatency', 'ContainerOomKilled'].map((name) => ({ name, labels: {} }));
    const of = (...alerts: (typeof down)[]) => mechanismOfAlerts(alerts.flatMap((one) => one ?? []));
    expect([of(down, killed), of(slow, down), of(slow), of()]).toEqual(['memory', 'down', null, null]);
  });
});

it('public host names are external, cluster names are not', () => {
  expect(['api.stripe.com', 'api.stripe.com:443', 'db.prod.svc', 'db.internal', 'orders'].map(isExternal)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
