/**
 * What a byte may cost. One large body may cost little more processor time than four small ones with as many bytes
 * (`testing/cost.ts`). The records may hold at most `mostBytes` for each byte sent, beside a base.
 */
import { describe, expect, it } from 'vitest';
import { evaluateMapping } from './mapping/evaluate.ts';
import { mediaType } from './receive/call.ts';
import { recordsOf } from './record.ts';
import { declaredSources, sources } from './sources/index.ts';
import { isLinear, leastCosts } from './testing/cost.ts';
import { examplesOf } from './testing/examples.ts';
import { grownBody } from './testing/grow.ts';
import { type Shape, shapes } from './testing/shapes.ts';
import { receivedAtMs, routeOf, testContext, testRequest } from './testing/source.ts';

/** Copies of attributes for each scope, and records repeat them for each partition. */
const mostBytes = 40;
const baseBytes = 8 * 1024 * 1024;
const partitions = 4;
const mappedBytes = 30_000;
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

describe('the cost of a body follows its size', () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))('%s', async (_name, shape) => {
    const [small, large] = [shape.body(smallBytes), shape.body(largeBytes)];
    expect(large.length).toBeGreaterThan(smallBytes);
    expect(handle(shape, large)).toBeLessThanOrEqual(large.length * mostBytes + baseBytes);
    const costs = await leastCosts(
      () => [1, 2, 3, 4].map(() => handle(shape, small)),
      () => handle(shape, large),
    );
    expect(costs).toSatisfy(isLinear);
  });
});

describe('the cost of a mapping follows the size of its body', () => {
  const mapped = declaredSources.flatMap(({ name, expression }) =>
    expression === undefined ? [] : [{ name, expression }],
  );
  it.each(mapped.map(({ name, expression }) => [name, expression] as const))('%s', async (name, expression) => {
    const bodies = examplesOf(name)
      .slice(0, 2)
      .flatMap(({ body, headers = {} }) =>
        (['lists', 'texts'] as const).map((part) => ({
          headers,
          small: grownBody(body, part, mappedBytes),
          large: grownBody(body, part, 4 * mappedBytes),
        })),
      );
    for (const { headers, small, large } of bodies) {
      if (small === null || large === null) continue;
      const run = (body: string) =>
        evaluateMapping({ id: 1, expression, body, headers, parameters: {}, timeoutMs: 60_000 });
      expect(await run(large)).toMatchObject({ ok: true });
      const costs = await leastCosts(
        async () => {
          for (let time = 0; time < 4; time++) await run(small);
        },
        () => run(large),
      );
      expect(costs).toSatisfy(isLinear);
    }
  });
});

it('every route that code reads has a shape', () => {
  // A path below `/ingest/` may be another address of the same reader.
  const isTried = (path: string) => shapes.some((shape) => path.endsWith(shape.path));
  const untried = sources
    .flatMap(({ routes }) => routes)
    .filter(({ prepare, path }) => prepare === undefined && !isTried(path));
  expect(untried.map(({ path }) => path)).toEqual([]);
});
