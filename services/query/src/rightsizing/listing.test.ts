import type { ContainerUsage } from '@faultline/store';
import { describe, expect, it } from 'vitest';
import { createStoreReader } from '../read-model/store.ts';
import { createMemoryHistory } from '../testing/history.ts';
import { listRightsizingRequest } from '../workload/requests.ts';
import { rightsizingConfig } from './config.ts';
import { createRightsizing, type RightsizingOptions } from './listing.ts';
import { daysOf, gib } from './testing/usage.ts';

const config = rightsizingConfig.parse({});
const caller = { tenant: 't' };

function workloads(requests: Readonly<Record<string, number>>): ContainerUsage {
  const days = Object.entries(requests).flatMap(([workload, cpuRequest]) =>
    daysOf(cpuRequest === 0 ? 2 : 7, { cores: [0.1], bytes: [gib / 4], over: { workload, cpuRequest } }),
  );
  return { days, pods: [], isTruncated: false };
}

function listing(usage: ContainerUsage, over: Partial<RightsizingOptions> = {}) {
  const history = createMemoryHistory();
  history.usage = usage;
  const readStore = createStoreReader({ store: history, timeoutMs: 1000 });
  return { history, ...createRightsizing({ readStore, clock: () => 0, config, ...over }) };
}

const request = (over: object = {}) => listRightsizingRequest.parse(over);
const namesOf = (containers: readonly { readonly workload: { readonly object: { readonly name: string } } }[]) =>
  containers.map(({ workload }) => workload.object.name);

describe('the list', () => {
  const usage = workloads({ small: 0.5, large: 8, middle: 2, young: 0 });

  it('has first what frees most, and sums over all pages', async () => {
    const { list } = listing(usage);
    const answer = await list(request({ pageSize: 1 }), caller);
    expect(namesOf(answer.containers)).toEqual(['large']);
    expect(answer.total).toBe(4);
    // (8 + 2 + 0.5 - 3 * 0.1) cores of two replicas.
    expect(answer.totals.freeableCores).toBeCloseTo(20.4, 9);
    expect(answer.totals).toMatchObject({ monthlyPrice: 0, currency: '' });
  });

  it('gives each container once, page by page', async () => {
    const { list } = listing(usage);
    const names: string[] = [];
    let pageToken = '';
    do {
      const answer = await list(request({ pageSize: 3, pageToken }), caller);
      names.push(...namesOf(answer.containers));
      pageToken = answer.nextPageToken;
    } while (pageToken !== '');
    expect(names).toEqual(['large', 'middle', 'small', 'young']);
  });

  it('says -1 for what is not known, and no method without a recommendation', async () => {
    const { list } = listing(workloads({ young: 0 }));
    const [young] = (await list(request(), caller)).containers;
    expect(young).toMatchObject({ method: '', dataHours: 48, neededHours: 168, throttledShare: -1 });
    expect(young?.cpu).toMatchObject({
      request: -1,
      limit: -1,
      p95: 0.1,
      recommendedRequest: -1,
      recommendedLower: -1,
    });
    expect((await list(request({ recommended: true }), caller)).total).toBe(0);
  });

  it('finds by kind and team where the cluster is watched', async () => {
    const bounds = { request: 1, limit: null };
    const { list } = listing(usage, {
      declaredOf: () => (key) =>
        key.workload === 'large' ? { kind: 'Deployment', team: 'shop', cpu: bounds, memory: bounds } : null,
    });
    expect(namesOf((await list(request({ team: 'shop' }), caller)).containers)).toEqual(['large']);
    expect((await list(request({ kind: 'Deployment' }), caller)).total).toBe(1);
    expect((await list(request({ kind: 'Job' }), caller)).total).toBe(0);
  });

  it('refuses a token that it did not give, and one whose container is gone', async () => {
    const { list, history } = listing(usage);
    await expect(list(request({ pageToken: 'nonsense' }), caller)).rejects.toThrow('pageToken');
    const { nextPageToken } = await list(request({ pageSize: 1 }), caller);
    history.usage = workloads({ small: 0.5 });
    await expect(list(request({ pageToken: nextPageToken }), caller)).rejects.toThrow('gone');
  });

  it('is unavailable while the store is down', async () => {
    const { list, history } = listing(usage);
    history.down = true;
    await expect(list(request(), caller)).rejects.toThrow('the store does not answer');
  });
});

it('one workload has its containers', async () => {
  const { ofWorkload } = listing(workloads({ cart: 1 }));
  const containers = await ofWorkload('t', { cluster: '', namespace: 'shop', workload: 'cart' });
  expect(containers).toMatchObject([{ container: 'app', method: 'krr', cpu: { recommendedRequest: 0.1 } }]);
});

describe('the notes say why', () => {
  const notesOf = async (usage: ContainerUsage, over: object = {}, options: Partial<RightsizingOptions> = {}) =>
    (await listing(usage, options).list(request(over), caller)).notes;
  const none: ContainerUsage = { days: [], pods: [], isTruncated: false };
  const unpriced = 'Nothing is priced: set `rightsizing.prices`, in USD (`rightsizing.currency`).';

  it('nothing is listed: no metrics, and which ones are needed for how long', async () => {
    const notes = await notesOf(none);
    expect(notes).toEqual([
      expect.stringMatching(
        /in the last 14 days\. Send `container_cpu_usage_seconds_total`.*`container_memory_working_set_bytes`/,
      ),
      'A recommendation needs 168 measured hours (`rightsizing.minHours`).',
      unpriced,
    ]);
  });

  it('nothing is listed: the metrics ended', async () => {
    const { days } = workloads({ large: 8 });
    const old = days.flatMap((day) => (day.day < 3 ? [] : [day]));
    expect(await notesOf({ ...none, days: old })).toEqual([
      expect.stringContaining('the latest is 3 days old'),
      unpriced,
    ]);
  });

  it('nothing is listed: no container is of that kind', async () => {
    expect(await notesOf(workloads({ large: 8, small: 1 }), { kind: 'Job' })).toEqual([
      expect.stringMatching(/^None of 2 containers has that kind, team or recommendation/),
      unpriced,
    ]);
  });

  it('nothing is recommended: hours are missing, or a metric is', async () => {
    const young = workloads({ young: 0 });
    expect(await notesOf(young, { recommended: true })).toEqual([
      'CPU was measured in at most 48 of 168 hours (`rightsizing.minHours`); 120 are missing.',
      'Memory was measured in at most 48 of 168 hours (`rightsizing.minHours`); 120 are missing.',
      unpriced,
    ]);
    const cpuOnly = young.days.map((day) => ({ ...day, memoryHours: 0 }));
    expect(await notesOf({ ...young, days: cpuOnly })).toContainEqual(
      expect.stringMatching(/^Memory was not measured\. Send `container_memory_working_set_bytes`/),
    );
  });

  it('nothing where all is there', async () => {
    const prices = { config: rightsizingConfig.parse({ prices: [{ coreHour: 1, gibHour: 1 }] }) };
    expect(await notesOf(workloads({ large: 8 }), {}, prices)).toEqual([]);
  });
});
