import { expect, it } from 'vitest';
import { createWorkload, tenantsOf, type WorkloadSize } from './workload.ts';

const size: WorkloadSize = { seconds: 20, spans: 8_000, alerts: 200, scopes: 2, systems: 2 };
const startMs = Date.parse('2026-03-01T10:00:00Z');

it('two workloads with the same start are identical', () => {
  const [one, other] = [createWorkload(size, startMs), createWorkload(size, startMs)];
  expect([...one.telemetry()]).toEqual([...other.telemetry()]);
  expect([...one.alerts(1)]).toEqual([...other.alerts(1)]);
  expect([...createWorkload(size, startMs + 10_000).alerts(1)]).not.toEqual([...one.alerts(1)]);
});

it('has the number of items of its size, in order of time', () => {
  const workload = createWorkload(size, startMs);
  const telemetry = [...workload.telemetry()].flat();
  const spans = telemetry.filter(({ signal }) => signal === 'spans').reduce((sum, { items }) => sum + items, 0);
  expect(spans).toBe(size.spans);
  expect([...workload.spansByService.values()].reduce((sum, count) => sum + count, 0)).toBe(size.spans);
  const alerts = [0, 1].flatMap((scope) => [...workload.alerts(scope)]);
  expect(alerts.reduce((sum, { items }) => sum + items, 0)).toBe(size.alerts);
  const times = telemetry.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(workload.incidents).toBe(4);
});

it('a storm names every service of its system in its first request', () => {
  const [first] = createWorkload(size, startMs).alerts(0);
  const { alerts } = JSON.parse(new TextDecoder().decode(first?.body)) as { alerts: { labels: { service: string } }[] };
  expect(new Set(alerts.map(({ labels }) => labels.service))).toEqual(new Set(['front-0', 'cart-0', 'stock-0']));
});

it('gives each scope a tenant of its own, in which its alerts, spans and metrics meet', () => {
  const workload = createWorkload(size, startMs);
  const telemetry = [...workload.telemetry()].flat();
  for (const signal of ['spans', 'logs', 'metrics'] as const) {
    const tenants = new Set(telemetry.filter((message) => message.signal === signal).map(({ tenant }) => tenant));
    expect(tenants).toEqual(new Set(['tenant-0', 'tenant-1']));
  }
  expect(new Set([...workload.alerts(1)].map(({ tenant }) => tenant))).toEqual(new Set(['tenant-1']));
  expect(tenantsOf(size)).toEqual(['tenant-0', 'tenant-1']);
});
