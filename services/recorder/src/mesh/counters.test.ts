import { expect, it } from 'vitest';
import { createAggregate } from '../join/aggregate.ts';
import { baseMs, metricBlock } from '../testing/block.ts';
import { createMeshCounters } from './counters.ts';

const labels = { source_workload: 'front', destination_workload: 'cart', response_code: '200', reporter: 'source' };
const point = (value: number, atMs: number, attributes: Record<string, string> = labels) =>
  ({
    metric: 'istio_requests_total',
    kind: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    value,
    timeNs: BigInt(baseMs + atMs) * 1_000_000n,
    attributes,
  }) as const;

function edgesOf(values: readonly (readonly [value: number, attributes?: Record<string, string>])[]) {
  const counters = createMeshCounters();
  const out = createAggregate();
  for (const [index, [value, attributes]] of values.entries())
    counters.add(
      { offset: BigInt(index), atMs: baseMs + index },
      metricBlock('prometheus', [point(value, index * 15_000, attributes)]),
      out,
    );
  const edges = out
    .rows()
    .edges.map((edge) => `${edge.Caller}>${edge.Callee} ${edge.Source} ${edge.Calls}/${edge.Errors}`);
  return { counters, edges };
}

it('the increase of a counter counts in the window of its point', () => {
  expect(edgesOf([[100], [110], [115]]).edges).toEqual(['front>cart mesh 10/0', 'front>cart mesh 5/0']);
});

it('a counter that restarts counts from zero', () => {
  expect(edgesOf([[100], [3]]).edges).toEqual(['front>cart mesh 3/0']);
});

it('failures are recognised by code, and each request counts at one end only', () => {
  const failed = { ...labels, response_code: '503' };
  expect(
    edgesOf([
      [1, failed],
      [5, failed],
    ]).edges,
  ).toEqual(['front>cart mesh 4/4']);
  const atServer = { ...labels, reporter: 'destination' };
  expect(
    edgesOf([
      [1, atServer],
      [5, atServer],
    ]).edges,
  ).toEqual([]);
});

it('the last point is needed after a restart until the series goes silent', () => {
  const { counters } = edgesOf([[1], [2], [3]]);
  expect(counters.lowWatermark()).toBe(2n);
  counters.advance(baseMs + 300_000 + 2);
  expect(counters.lowWatermark()).toBeNull();
});
