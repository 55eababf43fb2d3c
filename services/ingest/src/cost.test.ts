/**
 * What a byte may cost. For each shape, four times the bytes may cost at most `mostRatio` times the processor time, and the records that are written may be at
 * most `mostBytes` for each byte sent, beside a base. Ratios, as absolute times are those of the machine.
 */
import { describe, expect, it } from 'vitest';
import { recordsOf } from './record.ts';
import { sources } from './sources/index.ts';
import { type Shape, shapes } from './testing/shapes.ts';
import { receivedAtMs, routeOf, testContext, testRequest } from './testing/source.ts';

/** For four times the bytes: 2.4 for each doubling. Quadratic cost would be 16. */
const mostRatio = 2.4 ** 2;
/** Copies of attributes for each scope, and records repeat them for each partition. */
const mostBytes = 40;
const baseBytes = 8 * 1024 * 1024;
const partitions = 4;
const smallBytes = 60_000;
const largeBytes = 4 * smallBytes;

/** All that the host does with a body, up to the records. Returns their bytes. */
function handle(shape: Shape, body: Buffer): number {
  const source = sources.find(({ name }) => name === shape.source);
  if (source === undefined) throw new Error(`no source ${shape.source}`);
  const request = testRequest({ body, contentType: shape.contentType });
  const decided = routeOf(source, shape.path).accept(request, testContext());
  if (!decided.ok) return 0;
  const payload = decided.bad?.payload(65_536).length ?? 0;
  const records = recordsOf(decided.records, {
    source: source.name,
    requestHash: 'hash',
    receivedAtMs,
    blockBytes: 512 * 1024,
    maxRecordBytes: 1_000_000,
    partitionOf: (_topic, key) => key.charCodeAt(0) % partitions,
    partitionCount: () => partitions,
  });
  return payload + records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}

function processorMs(run: () => unknown): number {
  const begin = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1000;
}

/** The least of several runs of each, in turns: what disturbs a run only adds to it. */
function leastMs(small: () => unknown, large: () => unknown): { small: number; large: number } {
  const least = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  for (let run = 0; run < 3; run++) {
    least.small = Math.min(least.small, processorMs(small));
    least.large = Math.min(least.large, processorMs(large));
  }
  return least;
}

/** Below this, what a request costs whatever its size decides. */
const fixedMs = 2;

describe('the cost of a body follows its size', () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))('%s', (_name, shape) => {
    const [small, large] = [shape.body(smallBytes), shape.body(largeBytes)];
    expect(large.length).toBeGreaterThan(smallBytes);
    expect(handle(shape, large)).toBeLessThanOrEqual(large.length * mostBytes + baseBytes);
    const least = leastMs(
      () => handle(shape, small),
      () => handle(shape, large),
    );
    expect(least.large).toBeLessThanOrEqual(mostRatio * (least.small + fixedMs));
  });
});
