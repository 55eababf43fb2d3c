import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type Shift, series } from '../../testing/fixture.ts';
import { levelsOf, requestCounts, requestLevels, type ServiceSubject } from './levels.ts';

type Row = ReturnType<typeof series>;

const levels = (subject: ServiceSubject, ...rows: Row[]) => levelsOf(compareRows({ series: rows }), subject);
/** A series of one part of the service, such as a peer. Parts by status make a whole. */
const part = (metric: string, shift: Shift): Row => ({ ...series('api', metric, shift), attributes: 'peer=db' });

describe('the level of a service', () => {
  it('is the mean of its latency, else the median, else whatever there is', () => {
    const [p99, p50, mean] = ['latency.p99', 'latency.p50', 'latency.average'].map((name) =>
      series('api', name, [1, 3]),
    );
    const lead = (...rows: (Row | undefined)[]) =>
      levels('latency', ...rows.flatMap((row) => row ?? [])).get('api')?.shift.row.metric;
    expect([lead(p99, p50, mean), lead(p99, p50), lead(p99)]).toEqual([
      'latency.average',
      'latency.p50',
      'latency.p99',
    ]);
  });

  it('is not what it sees of others, nor a part of it', () => {
    expect(levels('latency', series('api', 'client.latency', [1, 3])).size).toBe(0);
    expect(levels('latency', series('api', 'upstream_latency', [1, 3])).size).toBe(0);
    expect(levels('latency', part('latency.average', [1, 3])).size).toBe(0);
  });

  it('rises by as much as the metric does', () => {
    const level = levels('latency', series('api', 'latency.average', [0.1, 0.9], 's')).get('api');
    expect(level?.rise).toBeCloseTo(0.8, 2);
    expect(level?.base).toBeCloseTo(0.1, 2);
  });

  it('rises in failures where success falls, with the z of a rise', () => {
    const level = levels('success', series('api', 'success.rate', [100, 60], '%')).get('api');
    expect(level?.rise).toBeCloseTo(0.41, 2);
    expect(level?.shift.z).toBeGreaterThan(3);
  });

  it('of failures is a share, whether the metric counts in percent or not', () => {
    expect(levels('errors', series('api', 'error.rate', [0, 50], '%')).get('api')?.rise).toBeCloseTo(0.5);
    expect(levels('errors', series('api', 'error.rate', [0, 0.5], '1')).get('api')?.rise).toBeCloseTo(0.5);
  });
});

describe('requests', () => {
  const busy = series('api', 'requests.rate', [10, 30]);
  const few = series('api', 'requests.admin', [1, 1]);
  const system = series('api', 'syscalls.requests', [9000, 9000]);

  it('are the largest count of a service, without its system calls', () => {
    const level = requestLevels(compareRows({ series: [few, busy, system] })).get('api');
    expect(level?.during).toBe(30);
    expect(level?.before).toBeCloseTo(10, 0);
  });

  it('are not those of a part', () => {
    expect(requestLevels(compareRows({ series: [part('requests.rate', [10, 30])] })).size).toBe(0);
  });

  it('are not those in work', () => {
    expect(requestLevels(compareRows({ series: [series('api', 'http.server.active_requests', [0, 0])] })).size).toBe(0);
  });

  it('are counted by the first series of the service', () => {
    expect(requestCounts(compareRows({ series: [few, busy] })).get('api')?.row.metric).toBe('requests.admin');
  });
});
