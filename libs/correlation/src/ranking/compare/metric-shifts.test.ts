import { describe, expect, it } from 'vitest';
import { subjectOf, tellingNames } from './metric-shifts.ts';

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
  ])('%s speaks of %s', (metric, subject) => {
    expect(subjectOf(metric)).toBe(subject);
  });

  it('takes parts of a histogram for what they count, not for how long calls take', () => {
    expect(subjectOf('http_request_duration_seconds_bucket')).toBe('other');
    expect(subjectOf('http_request_duration_seconds_count')).toBe('requests');
    expect(subjectOf('http_request_duration_seconds_sum')).toBe('latency');
    expect(subjectOf('thread_pool_count')).toBe('pool');
  });
});

it('every name that is judged is asked for, and no other', () => {
  const asked = new RegExp(tellingNames);
  const names = ['cpu.time', 'jvm.memory.used', 'http.server.duration', 'queue.depth', 'disk.io', 'rpc.errors'];
  expect(names.filter((name) => !asked.test(name))).toEqual([]);
  expect(asked.test('kube_pod_container_status_restarts_total')).toBe(true);
  expect(['build_info', 'network.packets', 'up'].filter((name) => asked.test(name))).toEqual([]);
});
