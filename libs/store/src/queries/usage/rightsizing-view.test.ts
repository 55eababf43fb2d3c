/** The view for Grafana, beside what the query of the API reads. */
import { usageBucketBound } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ContainerUsageRow } from '../../rows.ts';
import { baseMs, openTestStore, type TestStore, tenant } from '../../testing/rows.ts';
import { openTestClient, type TestClient } from '../../testing/select.ts';

let opened: TestStore;
let client: TestClient;
beforeAll(async () => {
  opened = await openTestStore();
  client = await openTestClient(opened.config);
}, 60_000);
afterAll(async () => {
  await client.close();
  await opened.close();
});

const row = (over: Partial<ContainerUsageRow>): ContainerUsageRow => ({
  ...{ Tenant: tenant, Environment: 'e', Hour: baseMs, Cluster: 'eu', Namespace: 'shop', Workload: 'cart' },
  ...{ Container: 'app', Pod: 'cart-1', Cpu: [], CpuMax: 0, Memory: [], MemoryMax: 0, ThrottledPeriods: 0 },
  ...{ Periods: 0, Restarts: 0, OomEvents: 0, OomKilled: 0, CpuRequest: 0, CpuLimit: 0, MemoryRequest: 0 },
  ...{ MemoryLimit: 0, ...over },
});

it('has a row for each container, with its latest request and its use over all pods', async () => {
  const rows = [
    row({ Hour: baseMs - 3_600_000, Cpu: [[50, 94]], CpuMax: 0.0114, CpuRequest: 4, MemoryMax: 900 }),
    row({ Cpu: [[80, 2]], CpuMax: 9, CpuRequest: 1, MemoryRequest: 4000 }),
    row({ Pod: 'cart-2', Cpu: [[70, 4]], CpuMax: 0.03, MemoryMax: 1000, Periods: 8, ThrottledPeriods: 2 }),
    row({ Pod: 'cart-2', Container: 'proxy', Restarts: 3, OomKilled: 1 }),
  ];
  await opened.store.insert([{ table: 'container_usage', rows, token: `${tenant}/view` }]);
  const found = await client.select<Record<string, unknown>>(
    `SELECT * EXCEPT (Tenant, Environment, LastHour) FROM container_rightsizing WHERE Tenant = '${tenant}' ORDER BY Container`,
  );
  const names = { Cluster: 'eu', Namespace: 'shop', Workload: 'cart' };
  expect(found).toEqual([
    {
      ...names,
      ...{ Container: 'app', CpuP95: expect.closeTo(usageBucketBound('cpu', 70), 9), CpuMax: 9, CpuRequest: 1 },
      ...{ CpuLimit: 0, MemoryMax: 1000, MemoryRequest: 4000, MemoryLimit: 0, ThrottledShare: 0.25 },
      ...{ OomKills: 0, MeasuredHours: 2 },
    },
    {
      ...names,
      ...{ Container: 'proxy', CpuP95: 0, CpuMax: 0, CpuRequest: 0, CpuLimit: 0, MemoryMax: 0, MemoryRequest: 0 },
      ...{ MemoryLimit: 0, ThrottledShare: 0, OomKills: 3, MeasuredHours: 0 },
    },
  ]);
});
