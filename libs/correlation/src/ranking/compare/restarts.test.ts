import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { onsetMs, series } from '../testing/fixture.ts';
import { restartsOf } from './restarts.ts';

type Series = ReturnType<typeof series>;

/** A series with a point every half minute, of these values by time. */
function measured(metric: string, valueAt: (atMs: number) => number, instance = 'api-1'): Series {
  const points = Array.from({ length: 26 }, (_, i) => {
    const value = valueAt(i * 30_000);
    return [i * 30_000, value, value, 1] as const;
  });
  return { ...series('api', metric, [0, 0]), instance, points };
}
const restartedAt = (restartMs: number) => measured('restarts', (atMs) => (atMs >= restartMs ? 3 : 2));
const restarts = (...rows: Series[]) => restartsOf(compareRows({ series: rows }));

describe('a restart', () => {
  it('is where the counter first rises around the onset', () => {
    expect(restarts(restartedAt(onsetMs + 60_000)).map(({ atMs }) => atMs)).toEqual([onsetMs + 60_000]);
  });

  it('may come minutes before the onset, and is no part of the incident long before it', () => {
    expect(restarts(restartedAt(onsetMs - 300_000))).toHaveLength(1);
    expect(restarts(restartedAt(onsetMs - 330_000))).toEqual([]);
  });

  it('is also where a rate of restarts is above what it ever was', () => {
    const rate = measured('container.restarts', (atMs) => (atMs === onsetMs ? 0.03 : 0));
    expect(restarts(rate).map(({ atMs }) => atMs)).toEqual([onsetMs]);
  });

  it('is none where the counter falls: another instance took the name', () => {
    expect(restarts(measured('restarts', (atMs) => (atMs >= onsetMs ? 0 : 2)))).toEqual([]);
  });

  it('is read from counters of restarts only', () => {
    expect(restarts(measured('requests', (atMs) => (atMs >= onsetMs ? 3 : 2)))).toEqual([]);
  });
});

describe('memory had climbed', () => {
  const restartMs = onsetMs + 60_000;
  /** Even until five minutes before the restart, then up to `peak`. */
  const memory = (peak: number, instance = 'api-1') =>
    measured(
      'memory.usage',
      (atMs) => (atMs >= restartMs - 240_000 && atMs <= restartMs ? peak : 100 + (atMs % 60_000) / 30_000),
      instance,
    );
  const climbed = (...rows: Series[]) => restarts(restartedAt(restartMs), ...rows).map(({ memory: sign }) => sign);

  it('before the restart of the same instance', () => {
    expect(climbed(memory(200))).toEqual(['climbed']);
    expect(climbed(memory(200, 'api-2'))).toEqual([null]);
  });

  it('by half at least', () => {
    expect(climbed(memory(140))).toEqual([null]);
  });

  it('and not only after the restart', () => {
    expect(climbed(measured('memory.usage', (atMs) => (atMs > restartMs ? 500 : 100)))).toEqual([null]);
  });

  it('far beyond its usual ups and downs', () => {
    const restless = measured('memory.usage', (atMs) => (atMs % 60_000 === 0 ? 50 : 200));
    expect(climbed(restless)).toEqual([null]);
  });

  it('cannot be told without memory metrics', () => {
    expect(climbed()).toEqual([null]);
  });
});

describe('it ran out of memory', () => {
  const restartMs = onsetMs + 60_000;
  const sign = (...rows: Series[]) => restarts(restartedAt(restartMs), ...rows)[0]?.memory;
  /** Climbs for the whole time, to this value. */
  const slowly = (metric: string, peak: number) =>
    measured(metric, (atMs) => (atMs > restartMs ? 0.3 * peak : peak * (0.7 + (0.3 * atMs) / restartMs)));

  it('where it had used nearly all that it may, however slowly it came to that', () => {
    const limit = measured('container_spec_memory_limit_bytes', () => 512);
    expect(sign(slowly('container_memory_working_set_bytes', 505), limit)).toBe('at-limit');
    expect(sign(slowly('container_memory_working_set_bytes', 400), limit)).toBeNull();
    expect(sign(slowly('k8s.pod.memory_limit_utilization', 0.97))).toBe('at-limit');
  });

  it('where the platform says so', () => {
    const kills = measured('container_oom_events_total', (atMs) => (atMs >= restartMs ? 1 : 0));
    expect(sign(kills)).toBe('killed');
    const reason = measured('kube_pod_container_status_last_terminated_reason', (atMs) => (atMs >= restartMs ? 1 : 0));
    expect(sign({ ...reason, attributes: 'container=app,reason=OOMKilled' })).toBe('killed');
    expect(sign({ ...reason, attributes: 'container=app,reason=Error' })).toBeNull();
  });

  it('unless the kill was long before, or of another instance', () => {
    expect(sign(measured('container_oom_events_total', () => 1))).toBeNull();
    expect(sign(measured('container_oom_events_total', (atMs) => (atMs >= restartMs ? 1 : 0), 'api-2'))).toBeNull();
  });
});
