/**
 * What a byte of a request may cost, over HTTP and gRPC: processor time and memory linear in the size of the body, for
 * operations with lists and long texts.
 */
import { allocations, isLinear, isLinearMemory, leastCosts } from '@faultline/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContract } from './api/proto.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const smallBytes = 60_000;
const timeoutMs = 120_000;
/** A body becomes objects of JSON, and a message becomes one more of its descriptor. */
const mostAllocatedBytes = 200;
const baseAllocatedBytes = 8 * 1024 * 1024;

type Run = (text: string | Buffer) => Promise<unknown> | unknown;

async function expectLinear(body: (sizeBytes: number) => string | Buffer, run: Run): Promise<void> {
  const [small, large] = [body(smallBytes), body(4 * smallBytes)];
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
  expect(memory.largeBytes).toBeLessThanOrEqual(large.length * mostAllocatedBytes + baseAllocatedBytes);
}

const repeated = (part: (index: number) => string, sizeBytes: number) =>
  Array.from({ length: Math.ceil(sizeBytes / part(0).length) }, (_, index) => part(index)).join(',');

const httpBodies: Readonly<Record<string, (sizeBytes: number) => string>> = {
  'a long text': (size) => `{"text":"${'t'.repeat(size)}","service":"${'t'.repeat(size)}"}`,
  'many fields': (size) => `{${repeated((index) => `"f${index}":1`, size)}}`,
  'long lists': (size) =>
    `{"ids":[${repeated(() => '""', size / 3)}],"alertFingerprints":[${repeated(() => '1', size / 3)}],"edges":[${repeated(() => '{}', size / 3)}]}`,
  'deep lists': (size) => `{"ids":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
};

/** Fields of protobuf's wire format: a tag, a length, and text of so many bytes. */
const textField = (field: number, length: number) => {
  const bytes: number[] = [];
  for (const start of [field * 8 + 2, length]) {
    let value = start;
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
    bytes.push(value);
  }
  return Buffer.concat([Buffer.from(bytes), Buffer.alloc(length, 't')]);
};
const many = (sizeBytes: number, parts: readonly Buffer[]) => {
  const all = Buffer.concat(parts);
  return Buffer.concat(Array.from({ length: Math.ceil(sizeBytes / all.length) }, () => all));
};
/** Every operation has fewer fields than this. */
const fields = Array.from({ length: 12 }, (_, index) => index + 1);

const grpcMessages: Readonly<Record<string, (sizeBytes: number) => Buffer>> = {
  'a long text in each field': (size) =>
    many(
      1,
      fields.map((field) => textField(field, Math.floor(size / 12))),
    ),
  'each field again and again': (size) =>
    many(
      size,
      fields.map((field) => textField(field, 1)),
    ),
  'empty fields': (size) =>
    many(
      size,
      fields.map((field) => textField(field, 0)),
    ),
  'unknown fields': (size) => many(size, [textField(500, 0)]),
};

describe('the cost of a request follows its size', { timeout: timeoutMs }, () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  }, timeoutMs);
  afterAll(() => harness.stop());

  // Those with lists and long texts. The others read the same way, and fewer fields.
  it.each(['/incidents/none/split', '/graph'])('HTTP %s', async (path) => {
    const url = `/api/v1${path}`;
    for (const body of Object.values(httpBodies)) {
      await expectLinear(body, async (payload) => {
        const answer = await harness.http.inject({
          method: 'POST',
          url,
          payload,
          headers: { 'content-type': 'application/json' },
        });
        expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      });
    }
  });

  const contract = loadContract();
  it.each([
    ['IncidentService', 'ListIncidents'],
    ['IncidentService', 'Split'],
    ['TopologyService', 'DeclareGraph'],
  ])('gRPC %s/%s', async (service, method) => {
    const { input } = contract.method(service, method);
    for (const message of Object.values(grpcMessages)) {
      await expectLinear(message, (bytes) => {
        try {
          return input.decode(Buffer.from(bytes));
        } catch (error) {
          // Bytes that are no UTF-8 or no number are refused.
          return error;
        }
      });
    }
  });
});
