import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type Shift, series } from '../../testing/fixture.ts';
import { meshLinks, riseOf } from './mesh.ts';

const measured = (attributes: string, shift: Shift = [10, 50], metric = 'request.duration') => ({
  ...series('web', metric, shift, 'ms'),
  attributes,
});
const links = (...rows: ReturnType<typeof measured>[]) => meshLinks(compareRows({ series: rows }));
const ends = 'destination=api,source=web';

describe('the ends of a link', () => {
  it.each([
    ['plain names', 'destination=api,source=web'],
    ['services', 'destination_service=api,source_service=web'],
    ['workloads', 'destination_workload=api,source_workload=web'],
    ['names with dots', 'destination.workload.name=api,source.workload.name=web'],
  ])('are read from %s', (_, attributes) => {
    expect(links(measured(attributes))).toMatchObject([{ caller: 'web', callee: 'api' }]);
  });

  it.each([
    ['one end is missing', 'source=web'],
    ['the series is not about a link', 'code=500'],
  ])('are not known where %s', (_, attributes) => {
    expect(links(measured(attributes))).toEqual([]);
  });

  it('are of no use for a metric that is no latency', () => {
    expect(links(measured(ends, [10, 50], 'requests.total'))).toEqual([]);
  });
});

describe('the rise of a link', () => {
  const atCaller = measured(`${ends},reporter=source`, [10, 50]);
  const atCallee = measured(`${ends},reporter=destination`, [10, 20]);

  it('is what the caller sees, which includes the network', () => {
    const [link] = links(atCallee, atCaller);
    expect(link?.rise).toBeCloseTo(40, 0);
    expect([link?.atCaller?.during, link?.atCallee?.during]).toEqual([50, 20]);
  });

  it('is what the callee sees where the caller reports nothing', () => {
    const [link] = links(atCallee);
    expect(link).toMatchObject({ atCaller: null, unit: 'ms' });
    expect(link?.rise).toBeCloseTo(10, 0);
  });

  it('is taken from the first of several series of one side', () => {
    expect(links(atCaller, measured(ends, [10, 900]))[0]?.rise).toBeCloseTo(40, 0);
  });

  it('is never below zero', () => {
    expect(links(measured(ends, [50, 10]))[0]?.rise).toBe(0);
    expect(riseOf(null)).toBe(0);
  });
});

it('links are sorted by caller and callee, whatever the order of the series', () => {
  const rows = [
    measured('destination=b,source=web'),
    measured('destination=a,source=web'),
    measured('destination=z,source=a'),
  ];
  expect(links(...rows).map(({ caller, callee }) => `${caller} ${callee}`)).toEqual(['a z', 'web a', 'web b']);
});
