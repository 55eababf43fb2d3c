/**
 * What a byte may cost. One large body may cost at most `mostRatio` times the processor time of four small ones with as
 * many bytes. The records may hold at most `mostBytes` for each byte sent, beside a base. Ratios, because absolute
 * times depend on the machine.
 */
import { describe, expect, it } from 'vitest';
import { mediaType } from './receive/call.ts';
import { recordsOf } from './record.ts';
import { sources } from './sources/index.ts';
import { type Shape, shapes } from './testing/shapes.ts';
import { receivedAtMs, routeOf, testContext, testRequest } from './testing/source.ts';

/** Linear cost gives 1, quadratic cost 4. */
const mostRatio = 2;
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
  const request = testRequest({
    body,
    contentType: mediaType(shape.contentType),
    headers: { 'content-type': shape.contentType },
  });
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
  });
  return payload + records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}

function processorMs(run: () => unknown): number {
  const begin = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1000;
}

/**
 * Other work on the machine only adds to a run, so the least of several runs counts. Further runs are made while the
 * ratio is too large.
 */
const mostRuns = 12;

interface Costs {
  readonly smallMs: number;
  readonly largeMs: number;
}

/** The least costs of four small bodies and of one large one. */
function leastCosts(small: () => unknown, large: () => unknown): Costs {
  let costs: Costs = { smallMs: Number.POSITIVE_INFINITY, largeMs: Number.POSITIVE_INFINITY };
  for (let run = 0; run < mostRuns; run++) {
    costs = {
      smallMs: Math.min(costs.smallMs, processorMs(small)),
      largeMs: Math.min(costs.largeMs, processorMs(large)),
    };
    if (run >= 2 && isLinear(costs)) break;
  }
  return costs;
}

function isLinear({ smallMs, largeMs }: Costs): boolean {
  return largeMs <= mostRatio * (smallMs + fixedMs);
}

/** Below this, what a request costs whatever its size decides. */
const fixedMs = 2;

describe('the cost of a body follows its size', () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))('%s', (_name, shape) => {
    const [small, large] = [shape.body(smallBytes), shape.body(largeBytes)];
    expect(large.length).toBeGreaterThan(smallBytes);
    expect(handle(shape, large)).toBeLessThanOrEqual(large.length * mostBytes + baseBytes);
    const costs = leastCosts(
      () => [1, 2, 3, 4].map(() => handle(shape, small)),
      () => handle(shape, large),
    );
    expect(costs).toSatisfy(isLinear);
  });
});
