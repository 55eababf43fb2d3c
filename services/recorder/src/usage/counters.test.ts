import type { MetricPoint, Resource } from '@faultline/model';
import { usageBucketOf } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createUsageAggregate } from './aggregate.ts';
import { containerOf, runOf } from './container.ts';
import { createContainerUsage } from './counters.ts';
import { usageMeaning } from './metrics.ts';

/** The start of an hour. */
const baseMs = 1_699_999_200_000;

const pod: Resource = {
  scope: { tenant: 't', environment: 'prod' },
  attributes: {},
  entities: { pod: 'cart-7d9c5b6f4d-x2k4f', workload: 'cart', namespace: 'shop', cluster: 'eu-1' },
  scopeName: '',
  scopeVersion: '',
};

const emptyPoint: MetricPoint = {
  resource: 0,
  metric: '',
  unit: '',
  kind: 'gauge',
  timeNs: 0n,
  startNs: 0n,
  attributes: { container: 'app' },
  value: 0,
  count: 0n,
  sum: 0,
  monotonic: false,
  temporality: 'unspecified',
  bounds: [],
  bucketCounts: [],
  detail: '',
};

interface Sample {
  readonly metric: string;
  readonly value: number;
  readonly atMs?: number;
  readonly attributes?: Record<string, string>;
  readonly over?: Partial<MetricPoint>;
}

const point = ({ metric, value, atMs = 0, attributes = {}, over = {} }: Sample): MetricPoint => ({
  ...emptyPoint,
  metric,
  value,
  timeNs: BigInt(baseMs + atMs) * 1_000_000n,
  attributes: { ...emptyPoint.attributes, ...attributes },
  ...(metric.endsWith('_total') ? { kind: 'sum', temporality: 'cumulative', monotonic: true } : {}),
  ...over,
});

const blockOf = (samples: readonly Sample[], resource = pod) => ({
  source: 'test',
  requestHash: '',
  receivedAtMs: baseMs,
  resources: [resource],
  items: samples.map(point),
});

/** Adds each list as a block of its own, at offsets 0, 1, ... */
function played(blocks: readonly (readonly Sample[])[], resource = pod) {
  const usage = createContainerUsage();
  const out = createUsageAggregate();
  for (const [index, samples] of blocks.entries())
    usage.add({ offset: BigInt(index), atMs: baseMs + index }, blockOf(samples, resource), out);
  return { usage, rows: out.rows() };
}

const cpu = (value: number, atMs: number, attributes = {}): Sample => ({
  metric: 'container_cpu_usage_seconds_total',
  value,
  atMs,
  attributes: { cpu: 'total', id: '/kubepods/a', ...attributes },
});

describe('processor time', () => {
  it('becomes cores between two points, in the hour of the second', () => {
    const { rows } = played([[cpu(100, 0)], [cpu(115, 30_000)], [cpu(115.3, 3_600_000)], [cpu(118.3, 3_660_000)]]);
    expect(rows.map(({ Hour, Cpu, CpuMax }) => [Hour - baseMs, Cpu, CpuMax])).toEqual([
      [0, [[usageBucketOf('cpu', 0.5), 1]], 0.5],
      // The gap before was too long for a rate, and the point after it counts again.
      [3_600_000, [[usageBucketOf('cpu', 0.05), 1]], expect.closeTo(0.05, 9)],
    ]);
  });

  it('starts anew with a run of the container, which another counter stands for', () => {
    const old = { id: '/kubepods/old' };
    const { rows } = played([
      [cpu(900, 0, old)],
      [cpu(906, 60_000, old), cpu(1, 60_000, { id: '/kubepods/new' })],
      [cpu(906, 120_000, old), cpu(13, 120_000, { id: '/kubepods/new' })],
    ]);
    expect(rows[0]?.Cpu.map(([, count]) => count)).toEqual([1, 1, 1]);
    expect(rows[0]?.CpuMax).toBeCloseTo(0.2, 9);
  });

  it('counts from zero when a counter restarts, and ignores a point that was there before', () => {
    expect(played([[cpu(900, 0)], [cpu(6, 60_000)]]).rows[0]?.CpuMax).toBeCloseTo(0.1, 9);
    expect(played([[cpu(900, 0)], [cpu(900, 0)]]).rows).toEqual([]);
  });

  it('is read from the total, not from each processor', () => {
    expect(played([[cpu(1, 0, { cpu: 'cpu00' })], [cpu(60, 60_000, { cpu: 'cpu00' })]]).rows).toEqual([]);
  });

  it('and every other growth over a gap is left out, as after a restart that forgot the container', () => {
    const restarts = (value: number, atMs: number) => ({
      metric: 'kube_pod_container_status_restarts_total',
      value,
      atMs,
    });
    expect(played([[restarts(1, 0)], [restarts(2, 300_000)]]).rows[0]?.Restarts).toBe(1);
    expect(played([[restarts(1, 0)], [restarts(2, 300_001)]]).rows).toEqual([]);
  });

  it('of a delta is a rate over its own time', () => {
    const over = { kind: 'sum', temporality: 'delta', startNs: BigInt(baseMs) * 1_000_000n } as const;
    const [row] = played([[{ metric: 'container.cpu.time', value: 15, atMs: 60_000, over }]]).rows;
    expect(row?.CpuMax).toBe(0.25);
  });
});

describe('other metrics', () => {
  it('give memory, bounds, throttling, restarts and ends for want of memory', () => {
    const { rows } = played([
      [
        { metric: 'container_memory_working_set_bytes', value: 64 * 2 ** 20 },
        { metric: 'container_memory_working_set_bytes', value: 48 * 2 ** 20, atMs: 30_000 },
        { metric: 'kube_pod_container_resource_requests', value: 0.5, attributes: { resource: 'cpu', unit: 'core' } },
        { metric: 'kube_pod_container_resource_requests', value: 2 ** 28, attributes: { resource: 'memory' } },
        { metric: 'kube_pod_container_resource_limits', value: 2 ** 29, attributes: { resource: 'memory' } },
        { metric: 'kube_pod_container_resource_limits', value: 4, attributes: { resource: 'nvidia_com_gpu' } },
        { metric: 'container_cpu_cfs_periods_total', value: 1000 },
        { metric: 'container_cpu_cfs_throttled_periods_total', value: 10 },
        { metric: 'kube_pod_container_status_restarts_total', value: 3 },
      ],
      [
        { metric: 'container_cpu_cfs_periods_total', value: 1600, atMs: 60_000 },
        { metric: 'container_cpu_cfs_throttled_periods_total', value: 160, atMs: 60_000 },
        { metric: 'kube_pod_container_status_restarts_total', value: 5, atMs: 60_000 },
        {
          metric: 'kube_pod_container_status_last_terminated_reason',
          value: 1,
          atMs: 60_000,
          attributes: { reason: 'OOMKilled' },
        },
      ],
    ]);
    expect(rows).toEqual([
      {
        ...{ Tenant: 't', Environment: 'prod', Hour: baseMs, Cluster: 'eu-1', Namespace: 'shop', Workload: 'cart' },
        ...{ Pod: 'cart-7d9c5b6f4d-x2k4f', Container: 'app', Cpu: [], CpuMax: 0 },
        Memory: [
          [usageBucketOf('memory', 48 * 2 ** 20), 1],
          [usageBucketOf('memory', 64 * 2 ** 20), 1],
        ],
        ...{ MemoryMax: 64 * 2 ** 20, ThrottledPeriods: 150, Periods: 600, Restarts: 2, OomEvents: 0, OomKilled: 1 },
        ...{ CpuRequest: 0.5, CpuLimit: 0, MemoryRequest: 2 ** 28, MemoryLimit: 2 ** 29 },
      },
    ]);
  });

  it('a reason that is not out of memory, or no longer holds, says nothing', () => {
    const meaning = (reason: string, value: number) =>
      usageMeaning({
        metric: 'kube_pod_container_status_last_terminated_reason',
        value,
        attributes: { reason },
      });
    expect(meaning('OOMKilled', 1)).toEqual({ kind: 'outOfMemory' });
    expect(meaning('OOMKilled', 0)).toBeNull();
    expect(meaning('Error', 1)).toBeNull();
  });

  it('that are not of a container are left out, and so are values that are no numbers', () => {
    const memory = { metric: 'container_memory_working_set_bytes', value: 5 };
    expect(played([[{ ...memory, attributes: { container: '' } }]]).rows).toEqual([]);
    expect(played([[{ ...memory, attributes: { container: 'POD' } }]]).rows).toEqual([]);
    expect(played([[{ ...memory, value: Number.NaN }]]).rows).toEqual([]);
    expect(played([[{ ...memory, value: -1 }]]).rows).toEqual([]);
    expect(played([[{ metric: 'http_requests_total', value: 1 }]]).rows).toEqual([]);
    expect(played([[memory]], { ...pod, entities: { node: 'n1' } }).rows).toEqual([]);
  });
});

it('a sender cannot make a sum that no integer column takes', () => {
  const delta = { kind: 'sum', temporality: 'delta', startNs: BigInt(baseMs) * 1_000_000n } as const;
  const restarts = (value: number): Sample => ({ metric: 'k8s.container.restarts', value, atMs: 60_000, over: delta });
  expect(played([[restarts(1e308), restarts(1e308), restarts(-5), restarts(3)]]).rows).toMatchObject([{ Restarts: 3 }]);
  const many = Array.from({ length: 5 }, () => restarts(2 ** 53));
  expect(played([many]).rows).toMatchObject([{ Restarts: Number.MAX_SAFE_INTEGER }]);
});

describe('the container of a point', () => {
  it('is the one that the exporter speaks of, not the exporter', () => {
    const labels = { container: 'kube-state-metrics', exported_container: 'app' };
    expect(containerOf(pod, labels)?.container).toBe('app');
  });

  it('is named by the resource where a collector sends it', () => {
    const resource = { ...pod, attributes: { 'k8s.container.name': 'app', 'container.id': 'abc' } };
    expect(containerOf(resource, {})).toMatchObject({ namespace: 'shop', workload: 'cart', container: 'app' });
    expect(runOf(resource, {})).toBe('abc');
  });

  it('has the plain name of its workload, where two namespaces use that name', () => {
    const entities = { ...pod.entities, workload: 'shop/cart' };
    expect(containerOf({ ...pod, entities }, { container: 'app' })?.workload).toBe('cart');
  });

  it('takes the pod for the workload of a pod that nobody made a template for', () => {
    const { workload: _workload, ...entities } = pod.entities;
    expect(containerOf({ ...pod, entities }, { container: 'app' })?.workload).toBe('cart-7d9c5b6f4d-x2k4f');
  });
});

describe('a restart', () => {
  const blocks = Array.from({ length: 12 }, (_, index): Sample[] => [
    cpu(index * index, index * 30_000),
    { metric: 'kube_pod_container_status_restarts_total', value: index % 4 === 0 ? index : 4, atMs: index * 30_000 },
  ]);

  it('that reads the remembered records again counts as if there had been none', () => {
    const whole = played(blocks).rows;
    for (let cut = 1; cut < blocks.length; cut++) {
      const before = played(blocks.slice(0, cut));
      const low = Number(before.usage.lowWatermark() ?? cut);
      const rebuilt = createContainerUsage();
      const out = createUsageAggregate();
      for (const [index, samples] of blocks.entries())
        if (index >= low)
          rebuilt.add({ offset: BigInt(index), atMs: baseMs + index }, blockOf(samples), index < cut ? null : out);
      const sum = (rows: typeof whole) =>
        rows.reduce(
          (total, row) => total + row.Restarts + row.Cpu.reduce((n, [bucket, count]) => n + bucket * count, 0),
          0,
        );
      expect(sum(before.rows) + sum(out.rows())).toBe(sum(whole));
    }
  });

  it('needs nothing of containers that are silent', () => {
    const { usage } = played(blocks);
    expect(usage.lowWatermark()).toBe(11n);
    usage.advance(baseMs + 11 + 299_999);
    expect(usage.lowWatermark()).toBe(11n);
    usage.advance(baseMs + 11 + 300_000);
    expect(usage.lowWatermark()).toBeNull();
  });
});
