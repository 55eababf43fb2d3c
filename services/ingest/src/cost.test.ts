/**
 * What a byte may cost. One large body may cost little more processor time than four small ones with as many bytes
 * (`leastCosts`), and its memory grows with its size alone (`allocations`). Both have stated limits for each byte.
 */
import { Readable } from 'node:stream';
import { allocations, isLinear, isLinearMemory, leastCosts } from '@faultline/runtime/testing';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from './body/budget.ts';
import { type BodySource, readBody } from './body/read.ts';
import { messageBody } from './grpc/message.ts';
import { evaluateMapping } from './mapping/evaluate.ts';
import { declaredSources, sources } from './sources/index.ts';
import { examplesOf } from './testing/examples.ts';
import { grownBody } from './testing/grow.ts';
import { handle } from './testing/handle.ts';
import { shapes } from './testing/shapes.ts';

/** Bytes of records for each byte sent: scopes copy attributes, and records repeat them for each partition. */
const mostRecordBytes = 40;
const baseRecordBytes = 8 * 1024 * 1024;
/** Bytes allocated for each byte sent, garbage included. The worst shapes are series or samples of two bytes each, which become objects. */
const mostAllocatedBytes = 1_000;
const baseAllocatedBytes = 64 * 1024 * 1024;
const mappedBytes = 30_000;
const smallBytes = 60_000;
const largeBytes = 4 * smallBytes;
/** Runs are repeated while other work on the machine makes them slow. */
const timeoutMs = 180_000;

describe('the cost of a body follows its size', { timeout: timeoutMs }, () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))('%s', async (_name, shape) => {
    const [small, large] = [shape.body(smallBytes), shape.body(largeBytes)];
    expect(large.length).toBeGreaterThan(smallBytes);
    expect(handle(shape, large)).toBeLessThanOrEqual(large.length * mostRecordBytes + baseRecordBytes);
    const costs = await leastCosts(
      () => [1, 2, 3, 4].map(() => handle(shape, small)),
      () => handle(shape, large),
    );
    expect(costs).toSatisfy(isLinear);
    const memory = await allocations(
      () => handle(shape, small),
      () => handle(shape, large),
    );
    expect(memory).toSatisfy(isLinearMemory);
    expect(memory.largeBytes).toBeLessThanOrEqual(large.length * mostAllocatedBytes + baseAllocatedBytes);
  });
});

describe('the cost of a mapping follows the size of its body', { timeout: timeoutMs }, () => {
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
      const memory = await allocations(
        () => run(small),
        () => run(large),
      );
      expect(memory).toSatisfy(isLinearMemory);
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

describe('the cost of reading a body follows its size, however it is cut into pieces', { timeout: timeoutMs }, () => {
  /** Pieces of one byte are the most that a sender can make of a body. */
  const cut = (bytes: Buffer, pieceBytes: number) =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
        bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
      ),
    );
  const prefixed = (bytes: Buffer) => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(bytes.length, 1);
    return Buffer.concat([prefix, bytes]);
  };
  const doors: Readonly<Record<string, (pieces: (bytes: Buffer) => Readable, bytes: Buffer) => BodySource>> = {
    'OTLP over gRPC': (pieces, bytes) => messageBody(pieces(prefixed(bytes)), undefined),
    'HTTP with a size': (pieces, bytes) => bodyOf(pieces(bytes), bytes.length),
    'HTTP without a size': (pieces, bytes) => bodyOf(pieces(bytes), null),
  };
  const bodyOf = (pieces: Readable, declaredBytes: number | null): BodySource => ({
    open: async () => ({ declaredBytes, encoding: undefined, pieces }),
  });

  it.each(Object.entries(doors))('%s', async (_name, door) => {
    const read = async (bytes: Buffer) => {
      const body = await door((whole) => cut(whole, 1), bytes).open();
      if (body === null) throw new Error('the body ended early');
      const lease = createByteBudget({ maxBytes: 1e9, maxConnectionBytes: 1e9 }).open({});
      expect(await readBody(body, 1e9, lease)).toEqual({ ok: true, bytes });
    };
    const [small, large] = [Buffer.alloc(smallBytes / 4, 'n'), Buffer.alloc(smallBytes, 'n')];
    const costs = await leastCosts(
      async () => {
        for (let time = 0; time < 4; time++) await read(small);
      },
      () => read(large),
    );
    expect(costs).toSatisfy(isLinear);
    const memory = await allocations(
      () => read(small),
      () => read(large),
    );
    expect(memory).toSatisfy(isLinearMemory);
    expect(memory.largeBytes).toBeLessThanOrEqual(large.length * mostAllocatedBytes + baseAllocatedBytes);
  });
});
