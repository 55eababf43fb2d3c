/** What holds for every declared source: its examples have the right value, and no body breaks it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMappingEvaluator } from '../mapping/evaluator.ts';
import type { Accepted, Refusal, Route, SourceRequest } from '../source.ts';
import { examplesOf, outcomeOf, requestOfExample, type SourceExample } from '../testing/examples.ts';
import { plainRecords } from '../testing/plain.ts';
import { malformedBodies, routeOf, testContext, testRequest } from '../testing/source.ts';
import { declaredSources } from './index.ts';

const mappings = createMappingEvaluator({ timeoutMs: 5000, memoryMb: 128 });
afterAll(() => mappings.close());
/** Signs the example of CloudWatch; its private half is gone. */
const key = readFileSync(join(import.meta.dirname, 'cloudwatch/example-key.pem'), 'utf8');
const context = () => testContext({ mappings, getText: async () => key });
/** Later than every time of an example, and within their limits. */
const receivedAtMs = Date.UTC(2026, 2, 1, 12, 0, 0);

async function accept(route: Route, request: SourceRequest): Promise<Accepted | Refusal> {
  const prepared = await (route.prepare?.(request, context()) ?? { ok: true as const, request });
  return prepared.ok ? route.accept(prepared.request, context()) : prepared;
}

/** A changed body no longer fits its signature. */
const expectedCodes: readonly string[] = ['INGEST_INVALID', 'INGEST_SIGNATURE'];

/** The body with each of its fields set to null, and to a number, in turn. */
function variantsOf(body: unknown, path = ''): (readonly [path: string, variant: unknown])[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([field, value]) => {
    const put = (other: unknown) =>
      Array.isArray(body) ? body.with(Number(field), other) : { ...body, [field]: other };
    const here = `${path}.${field}`;
    const below = variantsOf(value, here).map(([name, variant]) => [name, put(variant)] as const);
    return [[`${here} = null`, put(null)] as const, [`${here} = 7`, put(7)] as const, ...below];
  });
}

/** What a change delivers is compared where the example states it. */
function withoutUnstated(outcome: SourceExample['right'], right: SourceExample['right']): SourceExample['right'] {
  const changes = outcome.changes.map(({ delivers, ...change }, at) =>
    right.changes[at]?.delivers === undefined ? change : { ...change, delivers },
  );
  return { ...outcome, changes };
}

describe.each(declaredSources.map((source) => [source.name, source] as const))('%s', (name, source) => {
  const examples = examplesOf(name);
  const pathOf = ({ path }: SourceExample) => path ?? source.routes[0]?.path ?? '';
  const requestOf = (example: SourceExample) => testRequest(requestOfExample(example));

  it.each(examples.map((example) => [example.title, example] as const))('%s', async (_title, example) => {
    const route = routeOf(source, pathOf(example));
    const result = await accept(route, requestOf(example));
    if (!result.ok) throw new Error(`refused: ${result.problem.reason}`);
    expect(result.bad).toBe(null);
    const outcome = outcomeOf(result.records, result.notes, receivedAtMs);
    expect(withoutUnstated(outcome, example.right)).toEqual(example.right);
    const again = await accept(route, requestOf(example));
    expect(again.ok && plainRecords(again.records)).toEqual(plainRecords(result.records));
    expect(route.replyAccepted(result, requestOf(example)).status).toBeLessThan(300);
  });

  it('answers every malformed body', async () => {
    const [example] = examples;
    if (example === undefined) return;
    for (const { body } of malformedBodies) {
      const result = await accept(routeOf(source, pathOf(example)), { ...requestOf(example), bytes: body });
      if (!result.ok) expect([400, 413]).toContain(result.status);
    }
  });

  it('is not broken by a field that is null or of another type', async () => {
    const broken: string[] = [];
    for (const example of examples.filter(({ body, protobuf }) => typeof body !== 'string' && protobuf === undefined))
      for (const [path, body] of variantsOf(example.body)) {
        const result = await accept(routeOf(source, pathOf(example)), requestOf({ ...example, body }));
        if (!result.ok && !expectedCodes.includes(result.problem.code))
          broken.push(`${path}: ${result.problem.reason}`);
      }
    expect(broken).toEqual([]);
  });

  it('says how to set it up, what it reads and what it ignores', () => {
    const { setup, reads, ignores } = source.docs;
    expect([setup.length, reads.length, ignores.length].every((count) => count > 0)).toBe(true);
  });
});

it('has no path and no name twice', () => {
  const names = declaredSources.map(({ name }) => name);
  const paths = declaredSources.flatMap(({ routes }) => routes.map(({ path }) => path));
  expect([names.length, paths.length]).toEqual([new Set(names).size, new Set(paths).size]);
});
