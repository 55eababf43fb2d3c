/**
 * Requests against use through a whole Faultline: a week of what cAdvisor and kube-state-metrics expose comes in by remote write, and the API
 * recommends.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sample, writeSamples } from './testing/remote-write.ts';
import { type Scenario, startScenario } from './testing/scenario.ts';

const hourMs = 3_600_000;
const mib = 1024 ** 2;
const gib = 1024 ** 3;

interface Use {
  readonly request: number;
  readonly limit: number;
  readonly p95: number;
  readonly max: number;
  readonly recommendedRequest: number;
  readonly recommendedLimit: number;
}
interface Container {
  readonly workload: {
    readonly cluster: string;
    readonly object: { readonly namespace: string; readonly name: string };
  };
  readonly container: string;
  readonly replicas: number;
  readonly idleReplicas: number;
  readonly cpu: Use;
  readonly memory: Use;
  readonly throttledShare: number;
  readonly oomKills: number;
  readonly dataHours: number;
  readonly method: string;
  readonly reasons: readonly string[];
  readonly freeable: { readonly freeableCores: number; readonly monthlyPrice: number; readonly currency: string };
}
interface Answer {
  readonly containers?: readonly Container[];
  readonly total?: number;
  readonly totals: { readonly freeableCores: number };
}

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario({
    rightsizing: { currency: 'EUR', prices: [{ coreHour: 0.04, gibHour: 0.005 }] },
  });
}, 60_000);
afterEach(() => scenario.end());

const pods = ['cart-7d9c5b6f4d-x2k4f', 'cart-7d9c5b6f4d-8qbtz'] as const;
const youngPod = 'pay-6c9f7d8b5c-k4v2w';
const external = { cluster: 'eu-1', env: 'prod' };

/** As Prometheus labels a series of the kubelet's cAdvisor. */
const cadvisor = (name: string, pod: string, container: string, more = {}) => ({
  __name__: name,
  ...{ job: 'kubelet', metrics_path: '/metrics/cadvisor', instance: '10.0.0.4:10250', node: 'n1', namespace: 'shop' },
  ...{ pod, container, id: `/kubepods.slice/${pod}/${container}`, image: 'cart:1', name: `${pod}-${container}` },
  ...external,
  ...more,
});

/** As Prometheus labels a series of kube-state-metrics that it scrapes without `honor_labels`. */
const stateMetrics = (name: string, pod: string, more = {}) => ({
  __name__: name,
  ...{ job: 'kube-state-metrics', instance: '10.0.0.9:8080', namespace: 'monitoring', container: 'kube-state-metrics' },
  ...{ pod: 'kube-state-metrics-5b8d9c7f6d-h2x7q' },
  ...{ exported_namespace: 'shop', exported_pod: pod, exported_container: 'app', node: 'n1' },
  ...external,
  ...more,
});

/** Two scrapes, a minute apart: CPU at a rate of `cores` between them. */
function scrapes(pod: string, atMs: number, use: { readonly cores: number; readonly bytes: number }): Sample[] {
  const total = { cpu: 'total' };
  return [0, 60_000].flatMap((afterMs) => {
    const seconds = (use.cores * afterMs) / 1000;
    const sample = (labels: Record<string, string>, value: number) => ({ labels, value, atMs: atMs + afterMs });
    return [
      sample(cadvisor('container_cpu_usage_seconds_total', pod, 'app', total), 1000 + seconds),
      sample(cadvisor('container_cpu_cfs_periods_total', pod, 'app'), 100 + afterMs / 100),
      sample(cadvisor('container_cpu_cfs_throttled_periods_total', pod, 'app'), 10 + afterMs / 4000),
      sample(cadvisor('container_memory_working_set_bytes', pod, 'app'), use.bytes),
      // The whole pod, and its sandbox: neither is a container.
      sample(cadvisor('container_memory_working_set_bytes', pod, ''), use.bytes + mib),
      sample(cadvisor('container_memory_working_set_bytes', pod, 'POD'), mib),
      sample(stateMetrics('kube_pod_container_resource_requests', pod, { resource: 'cpu', unit: 'core' }), 1),
      sample(stateMetrics('kube_pod_container_resource_limits', pod, { resource: 'cpu', unit: 'core' }), 2),
      sample(stateMetrics('kube_pod_container_resource_requests', pod, { resource: 'memory', unit: 'byte' }), gib),
      sample(stateMetrics('kube_pod_container_resource_limits', pod, { resource: 'memory', unit: 'byte' }), gib),
      sample(stateMetrics('kube_pod_container_status_restarts_total', pod), 0),
    ];
  });
}

/** A week of the cart, and the last 100 hours of a service that is younger. */
async function sendWeek(): Promise<void> {
  const lastHourMs = Math.floor(scenario.nowMs() / hourMs) * hourMs - hourMs;
  for (let day = 6; day >= 0; day--) {
    const samples = Array.from({ length: 24 }, (_, hour) => day * 24 + 23 - hour).flatMap((ago) => {
      const atMs = lastHourMs - ago * hourMs + 600_000;
      const busy = { cores: ago % 20 === 0 ? 0.4 : 0.2, bytes: 300 * mib };
      return [
        ...scrapes(pods[0], atMs, busy),
        ...scrapes(pods[1], atMs, { cores: 0.004, bytes: 200 * mib }),
        ...(ago < 100 ? scrapes(youngPod, atMs, busy) : []),
      ];
    });
    await writeSamples(scenario.url(), samples);
  }
}

const recommended = async (name: string, hours: number) => {
  const answer = await scenario.get<Answer>(`/api/v1/rightsizing?namespace=shop&name=${name}`);
  const [container] = answer.containers ?? [];
  return container?.dataHours === hours ? { answer, container } : null;
};

it('a week of measurements gives a recommendation with its reasons, and its price', { timeout: 120_000 }, async () => {
  await sendWeek();
  const young = await scenario.between(0, 110, () => recommended('pay', 100));
  expect(young.container).toMatchObject({ method: '', cpu: { request: 1, recommendedRequest: -1 } });
  expect(young.container.reasons[0]).toBe(
    'CPU: no recommendation, because 100 of 168 hours were measured; 68 are missing.',
  );

  const { answer, container } = await scenario.between(0, 110, () => recommended('cart', 168));
  expect(answer.total).toBe(1);
  expect(container.workload).toMatchObject({ cluster: 'eu-1', object: { namespace: 'shop', name: 'cart' } });
  expect(container).toMatchObject({ container: 'app', replicas: 2, idleReplicas: 1, oomKills: 0, method: 'krr' });
  expect(container.cpu).toMatchObject({ request: 1, limit: 2, recommendedLimit: -1 });
  // Of all samples, 2.5 % are at 0.4 cores and half are at 0.2.
  expect(container.cpu.p95).toBeGreaterThanOrEqual(0.2);
  expect(container.cpu.p95).toBeLessThan(0.21);
  expect(container.cpu.max).toBeCloseTo(0.4, 6);
  expect(container.memory).toMatchObject({
    max: 300 * mib,
    recommendedRequest: 345 * mib,
    recommendedLimit: 345 * mib,
  });
  expect(container.throttledShare).toBeCloseTo(0.025, 9);
  expect(container.freeable.freeableCores).toBeCloseTo(2 * (1 - container.cpu.recommendedRequest), 9);
  const hourly = container.freeable.freeableCores * 0.04 + ((2 * (1024 - 345)) / 1024) * 0.005;
  expect(container.freeable.monthlyPrice).toBeCloseTo(730 * hourly, 6);
  expect(container.freeable.currency).toBe('EUR');
  expect(container.reasons).toContain('1 of 2 replicas used at most 0.01 cores in 95 % of the last day.');

  const overGrpc = await scenario.grpc('WorkloadService/ListRightsizing', { namespace: 'shop', name: 'cart' });
  expect(overGrpc).toMatchObject({ total: 1, containers: [{ container: 'app', method: 'krr' }] });
});
