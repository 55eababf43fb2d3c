import { describe, expect, it } from 'vitest';
import type { ContainerUsageRow } from '../../rows.ts';
import { baseMs, tenant } from '../../testing/rows.ts';
import { useTestStore } from '../../testing/use-store.ts';
import type { ContainerFilter } from './container-usage.ts';

const used = useTestStore();
const hourMs = 3_600_000;
const everything: ContainerFilter = { cluster: '', namespace: '', workload: '', container: '' };
const mib = 2 ** 20;

function row(hoursAgo: number, over: Partial<ContainerUsageRow> = {}): ContainerUsageRow {
  return {
    ...{ Tenant: tenant, Environment: 'e', Hour: baseMs - hoursAgo * hourMs, Cluster: 'eu', Namespace: 'shop' },
    ...{ Workload: 'cart', Container: 'app', Pod: 'cart-1', Cpu: [[10, 4]], CpuMax: 0.002, Memory: [[20, 4]] },
    ...{ MemoryMax: 3 * mib, ThrottledPeriods: 0, Periods: 0, Restarts: 0, OomEvents: 0, OomKilled: 0 },
    ...{ CpuRequest: 0, CpuLimit: 0, MemoryRequest: 0, MemoryLimit: 0 },
    ...over,
  };
}

const read = (filter: Partial<ContainerFilter> = {}, days = 3) =>
  used.store.containerUsage({
    read: { scope: { tenant, environment: 'e' } },
    filter: { ...everything, ...filter },
    nowMs: baseMs + 60_000,
    days,
  });

describe('the use of containers', () => {
  it('is summed over pods by day, with the latest request', async () => {
    const latest = row(0, { CpuRequest: 0.5, Periods: 100, ThrottledPeriods: 25 });
    await used.insert('usage/1', { table: 'container_usage', rows: [latest] });
    await used.insert('usage/6', {
      table: 'container_usage',
      rows: [
        row(1, { CpuRequest: 2, MemoryRequest: 64 * mib }),
        row(1, {
          Pod: 'cart-2',
          Cpu: [
            [10, 1],
            [30, 2],
          ],
          CpuMax: 0.005,
          MemoryMax: 5 * mib,
        }),
        row(24, { Cpu: [[50, 7]], CpuMax: 0.012, Memory: [], MemoryMax: 0 }),
        row(80, { Cpu: [[99, 1]] }),
      ],
    });
    const { days, isTruncated } = await read();
    expect(isTruncated).toBe(false);
    expect(days.map(({ day }) => day)).toEqual([0, 1]);
    expect(days[0]).toEqual({
      ...{ environment: 'e', cluster: 'eu', namespace: 'shop', workload: 'cart', container: 'app', day: 0 },
      cpu: [
        [10, 9],
        [30, 2],
      ],
      ...{ cpuMax: 0.005, memory: [[20, 12]], memoryPeaks: [3 * mib, 5 * mib], cpuHours: 2, memoryHours: 2 },
      ...{ podHours: 3, hours: 2, throttledPeriods: 25, periods: 100, restarts: 0, oomKills: 0 },
      ...{ cpuRequest: 0.5, cpuLimit: 0, memoryRequest: 64 * mib, memoryLimit: 0 },
    });
    expect(days[1]).toMatchObject({ cpu: [[50, 7]], memory: [], memoryPeaks: [], cpuHours: 1, memoryHours: 0 });
  });

  it('of the pods is that of the last day', async () => {
    const { pods } = await read();
    expect(pods.map(({ pod, cpu, hours, lastHourMs }) => ({ pod, cpu, hours, lastHourMs }))).toEqual([
      { pod: 'cart-1', cpu: [[10, 8]], hours: 2, lastHourMs: baseMs },
      {
        pod: 'cart-2',
        cpu: [
          [10, 1],
          [30, 2],
        ],
        hours: 1,
        lastHourMs: baseMs - hourMs,
      },
    ]);
  });

  it('adds up what two checkpoints wrote of one hour, and a repeated one counts once', async () => {
    const rows = [row(0, { Workload: 'split', Restarts: 1, OomKilled: 1 })];
    await used.insert('usage/2', { table: 'container_usage', rows });
    await used.insert('usage/2', { table: 'container_usage', rows });
    await used.insert('usage/3', { table: 'container_usage', rows });
    const { days } = await read({ workload: 'split' });
    expect(days).toMatchObject([{ cpu: [[10, 8]], restarts: 2, oomKills: 2, podHours: 1 }]);
  });

  it('counts an end for want of memory once, whoever saw it', async () => {
    await used.insert('usage/4', {
      table: 'container_usage',
      rows: [
        row(0, { Workload: 'oom', Restarts: 2, OomKilled: 1, OomEvents: 1 }),
        row(0, { Workload: 'crash', Restarts: 5 }),
        row(0, { Workload: 'kernel', OomEvents: 3 }),
      ],
    });
    const killsOf = async (workload: string) => (await read({ workload })).days.map(({ oomKills }) => oomKills);
    expect(await killsOf('oom')).toEqual([2]);
    expect(await killsOf('crash')).toEqual([0]);
    expect(await killsOf('kernel')).toEqual([3]);
  });

  it('keeps two namespaces and clusters of equal names apart, and finds each', async () => {
    await used.insert('usage/5', {
      table: 'container_usage',
      rows: [
        row(0, { Workload: 'twin', Namespace: 'a' }),
        row(0, { Workload: 'twin', Namespace: 'b' }),
        row(0, { Workload: 'twin', Namespace: 'b', Cluster: 'us' }),
      ],
    });
    const places = async (filter: Partial<ContainerFilter>) =>
      (await read({ workload: 'twin', ...filter })).days.map(({ cluster, namespace }) => `${cluster}/${namespace}`);
    expect(await places({})).toEqual(['eu/a', 'eu/b', 'us/b']);
    expect(await places({ namespace: 'b' })).toEqual(['eu/b', 'us/b']);
    expect(await places({ cluster: 'us' })).toEqual(['us/b']);
    expect(await places({ container: 'none' })).toEqual([]);
  });

  it('of another tenant is not read', async () => {
    const request = { filter: everything, nowMs: baseMs, days: 3 };
    const other = await used.store.containerUsage({
      ...request,
      read: { scope: { tenant: `${tenant}-other`, environment: 'e' } },
    });
    expect(other).toEqual({ days: [], pods: [], isTruncated: false });
  });
});
