import type { ContainerDay } from '@faultline/store';
import { describe, expect, it } from 'vitest';
import { rightsizingConfig } from './config.ts';
import { freeableOf, sumFreeable } from './price.ts';
import { reasonsOf } from './reasons.ts';
import { type DeclaredContainers, rightsizingOf } from './rightsizing.ts';
import { dayOf, daysOf, gib, mib, podOf } from './testing/usage.ts';

const config = rightsizingConfig.parse({ prices: [{ coreHour: 0.04, gibHour: 0.005 }] });
const use = { cores: [0.1, 0.2], bytes: [300 * mib, 400 * mib] };
const set = { cpuRequest: 1, cpuLimit: 2, memoryRequest: gib, memoryLimit: gib };
const week = daysOf(7, { ...use, over: set });

const rightsized = (days: readonly ContainerDay[], over: Partial<Parameters<typeof rightsizingOf>[0]> = {}) =>
  rightsizingOf({ usage: { days, pods: [], isTruncated: false }, declared: () => null, config, nowMs: 0, ...over });

describe('a container', () => {
  it('has its requests beside its use, a recommendation, and what that frees', () => {
    const [found] = rightsized(week);
    expect(found).toMatchObject({ workload: 'cart', container: 'app', replicas: 2, kind: '', throttledShare: null });
    expect(found?.cpu).toMatchObject({ request: 1, limit: 2, max: 0.2, p95: 0.2, recommendation: { request: 0.2 } });
    expect(found?.memory).toMatchObject({ request: gib, max: 400 * mib, recommendation: { request: 460 * mib } });
    // (1 - 0.2) cores and (1024 - 460) MiB, of two replicas.
    expect(found?.freeable.cores).toBeCloseTo(1.6, 9);
    expect(found?.freeable.gib).toBeCloseTo((2 * 564) / 1024, 9);
    expect(found?.freeable.monthlyPrice).toBeCloseTo(730 * (1.6 * 0.04 + ((2 * 564) / 1024) * 0.005), 6);
  });

  it('has no recommendation from less than the stated hours, and says how many are missing', () => {
    const [found] = rightsized(daysOf(6, { ...use, over: set }));
    expect(found?.cpu).toMatchObject({ p95: 0.2, measuredHours: 144, recommendation: null });
    expect(found?.freeable).toEqual({ cores: 0, gib: 0, monthlyPrice: 0 });
    expect(found === undefined ? [] : reasonsOf(found, config)).toEqual([
      'CPU: no recommendation, because 144 of 168 hours were measured; 24 are missing.',
      'Memory: no recommendation, because 144 of 168 hours were measured; 24 are missing.',
    ]);
  });

  it('has one for memory alone where CPU is not measured', () => {
    const [found] = rightsized(daysOf(7, { cores: [], bytes: [gib], over: { cpuHours: 0 } }));
    expect(found?.cpu).toMatchObject({ p95: null, max: null, recommendation: null });
    expect(found?.memory.recommendation?.request).toBe(Math.ceil(1024 * 1.15) * mib);
    expect(found === undefined ? '' : reasonsOf(found, config)[0]).toBe(
      'CPU: no recommendation, because no use was measured.',
    );
  });

  it('that was not measured in the last day is gone', () => {
    expect(rightsized(week.filter(({ day }) => day > 0))).toEqual([]);
  });

  it('goes by its specification where the cluster is watched', () => {
    const declared: DeclaredContainers = () => ({
      ...{ kind: 'Deployment', team: 'shop' },
      ...{ cpu: { request: 4, limit: null }, memory: { request: null, limit: null } },
    });
    const [found] = rightsized(week, { declared });
    // A LimitRange may have set the limit that the specification leaves open.
    expect(found).toMatchObject({ kind: 'Deployment', team: 'shop', cpu: { request: 4, limit: 2 } });
    expect(found?.memory).toMatchObject({ request: gib, limit: gib });
    expect(found?.freeable.cores).toBeCloseTo(2 * 3.8, 9);
  });

  it('adds up throttled periods, restarts and ends for want of memory', () => {
    const [found] = rightsized([
      dayOf(0, { ...use, over: { ...set, periods: 1000, throttledPeriods: 300, oomKills: 1, restarts: 2 } }),
      ...daysOf(8, { ...use, over: { periods: 100, restarts: 1 } }).slice(1),
    ]);
    expect(found).toMatchObject({ oomKills: 1, restarts: 9 });
    expect(found?.throttledShare).toBeCloseTo(300 / 1700, 9);
    expect(found?.cpu.recommendation).toMatchObject({ request: 1, grounds: { heldBy: 'throttling' } });
    const reasons = found === undefined ? [] : reasonsOf(found, config);
    expect(reasons[0]).toContain('It is not lowered, because the limit throttles the container.');
    expect(reasons).toContain('The CPU limit throttled 17.6 % of the periods, so the use understates the need.');
    expect(reasons).toContain('Containers ran out of memory once in 14 days.');
  });

  it('is one for each namespace and cluster', () => {
    const twins = [...week, ...week.map((day) => ({ ...day, namespace: 'other' }))];
    expect(rightsized(twins).map(({ namespace }) => namespace)).toEqual(['shop', 'other']);
  });
});

describe('idle replicas', () => {
  const pods = [
    podOf('busy', [0.5, 0.5]),
    podOf('idle', [...Array.from({ length: 99 }, () => 0.002), 0.8]),
    podOf('new', [0.001], { hours: 3 }),
    podOf('gone', [0.001], { lastHourMs: -7_200_000 }),
    podOf('other', [0.001], { namespace: 'other' }),
  ];

  it('are those that still run and did next to nothing for a day', () => {
    const [found] = rightsized(week, { usage: { days: week, pods, isTruncated: false } });
    expect(found?.idleReplicas).toBe(1);
    expect(found === undefined ? [] : reasonsOf(found, config)).toContain(
      '1 of 2 replicas used at most 0.01 cores in 95 % of the last day.',
    );
  });
});

describe('prices', () => {
  const replaced = { request: 2, recommended: 0.5 };
  const nothing = { request: null, recommended: null };
  const priced = (prices: readonly object[], place = { cluster: 'eu-1', namespace: 'shop' }) =>
    freeableOf(place, { cpu: replaced, memory: nothing, replicas: 2 }, rightsizingConfig.parse({ prices }))
      .monthlyPrice;

  it('are those of the first entry that fits', () => {
    const table = [
      { cluster: 'eu-1', namespace: 'batch', coreHour: 0.01, gibHour: 0 },
      { cluster: 'eu-1', coreHour: 0.02, gibHour: 0 },
      { coreHour: 0.03, gibHour: 0 },
    ];
    expect(priced(table)).toBeCloseTo(3 * 0.02 * 730, 9);
    expect(priced(table, { cluster: 'eu-1', namespace: 'batch' })).toBeCloseTo(3 * 0.01 * 730, 9);
    expect(priced(table, { cluster: 'us', namespace: 'shop' })).toBeCloseTo(3 * 0.03 * 730, 9);
    expect(priced([])).toBe(0);
  });

  it('are not reduced by requests that are too small', () => {
    const place = { cluster: '', namespace: '' };
    const frees = freeableOf(place, { cpu: replaced, memory: nothing, replicas: 1 }, config);
    const needs = freeableOf(
      place,
      { cpu: { request: 0.1, recommended: 5 }, memory: { request: null, recommended: gib }, replicas: 9 },
      config,
    );
    expect(needs).toEqual({ cores: 0, gib: 0, monthlyPrice: 0 });
    expect(sumFreeable([frees, needs])).toEqual(frees);
  });
});

describe('the configuration', () => {
  it('refuses more hours than the days have', () => {
    const parsed = rightsizingConfig.safeParse({ days: 3, minHours: 100 });
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['minHours'] });
    expect(rightsizingConfig.safeParse({ days: 7 }).success).toBe(true);
  });

  it('names the price that is no number', () => {
    const parsed = rightsizingConfig.safeParse({ prices: [{ coreHour: -1, gibHour: 0 }] });
    expect(parsed.error?.issues[0]?.path).toEqual(['prices', 0, 'coreHour']);
  });
});
