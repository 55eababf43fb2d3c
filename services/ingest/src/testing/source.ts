/** The test kit that every source passes: its fixtures, and a table of bodies that must be answered and never thrown at. */
import { defaultEntityRules, defaultEnvironmentRules } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { createClusterNames } from '../cluster-names.ts';
import { ingestConfig } from '../config.ts';
import type { MappingEvaluator } from '../mapping/evaluator.ts';
import { SenderCache } from '../sender-cache.ts';
import { createServiceNames } from '../service-names.ts';
import type { Normalised, Route, Source, SourceContext, SourceRequest } from '../source.ts';
import { plainRecords } from './plain.ts';

export const receivedAtMs = Date.UTC(2026, 2, 1, 12, 0, 0);

/** A context with default configuration; what a test needs otherwise is given. */
export function testContext(overrides: Partial<SourceContext> = {}): SourceContext {
  return {
    config: ingestConfig.parse({}),
    entityRules: defaultEntityRules,
    serviceNames: createServiceNames(),
    clusterNames: createClusterNames(createServiceNames(), () => 0),
    senders: new SenderCache(),
    environmentRules: defaultEnvironmentRules,
    uniqueId: 'unique-1',
    processorMs: () => 0,
    getText: async () => null,
    mappings: noMappings,
    ...overrides,
  };
}

/** For sources without a mapping. */
export const noMappings: MappingEvaluator = {
  evaluate: async () => ({ ok: false, code: 'INGEST_MAPPING', reason: 'no mappings here' }),
  close: async () => {},
};

export interface Fixture {
  readonly name: string;
  readonly path: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string | Buffer;
  /** What must be among the records; absent: must be refused with `status`. */
  readonly records?: { readonly [kind in keyof Normalised]: unknown };
  readonly badCount?: number;
  readonly status?: number;
  /** What the refusal must say. */
  readonly reason?: string;
}

export function testRequest(fixture: Omit<Fixture, 'name' | 'path'>): SourceRequest {
  const { body, contentType, headers = {} } = fixture;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(text);
  return { tenant: 'acme', bytes, contentType, headers, receivedAtMs };
}

export function routeOf(source: Source, path: string): Route {
  const route = source.routes.find((candidate) => candidate.path === path);
  if (route === undefined) throw new Error(`${source.name} has no route ${path}`);
  return route;
}

/** Runs the fixtures of a source and the checks that hold for every source. */
export function testSource(source: Source, fixtures: readonly Fixture[]): void {
  describe(source.name, () => {
    it.each(fixtures)('$name', (fixture) => checkFixture(source, fixture));
    describe.each([...new Set(fixtures.map((fixture) => fixture.path))])('%s', (path) => {
      const good = fixtures.filter((fixture) => fixture.path === path && fixture.records !== undefined);
      it.each(malformedBodies)('answers $name', ({ body }) => {
        for (const { contentType, headers } of good) {
          const result = routeOf(source, path).accept(
            testRequest({ contentType, body, ...(headers && { headers }) }),
            testContext(),
          );
          expect(result.ok || result.status).toSatisfy((status: unknown) => status === true || status === 400);
        }
      });
      it('answers its fixtures cut short anywhere', () => {
        for (const fixture of good) cutShort(routeOf(source, path), fixture);
      });
      it('says 415 to a content type it does not take', () => {
        const result = routeOf(source, path).accept(
          testRequest({ contentType: 'image/png', body: '{}' }),
          testContext(),
        );
        expect(result).toMatchObject({ ok: false, status: 415 });
      });
    });
  });
}

function checkFixture(source: Source, fixture: Fixture): void {
  const route = routeOf(source, fixture.path);
  const request = testRequest(fixture);
  const result = route.accept(request, testContext());
  if (fixture.records === undefined) {
    expect(result).toMatchObject({ ok: false, status: fixture.status });
    expect(!result.ok && result.problem.reason).toContain(fixture.reason ?? '');
    return;
  }
  if (!result.ok) throw new Error(`refused: ${result.problem.reason}`);
  const plain = plainRecords(result.records);
  expect(plain).toMatchObject(fixture.records);
  expect(result.bad?.count ?? 0).toBe(fixture.badCount ?? 0);
  const again = route.accept(request, testContext());
  expect(again.ok && plainRecords(again.records)).toEqual(plain);
  const reply = route.replyAccepted(result, request);
  expect(reply.status).toBeGreaterThanOrEqual(200);
  expect(reply.status).toBeLessThan(300);
}

/** Any prefix of a good body gives an answer. */
function cutShort(route: Route, fixture: Fixture): void {
  const whole = testRequest(fixture);
  const step = Math.max(1, Math.floor(whole.bytes.length / 200));
  for (let length = 0; length < whole.bytes.length; length += step) {
    const result = route.accept({ ...whole, bytes: whole.bytes.subarray(0, length) }, testContext());
    if (!result.ok) expect(result.problem.reason).not.toBe('');
  }
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

export const malformedBodies: readonly { readonly name: string; readonly body: Buffer }[] = [
  { name: 'an empty body', body: Buffer.alloc(0) },
  { name: 'half an object', body: Buffer.from('{') },
  { name: 'null', body: Buffer.from('null') },
  { name: 'a number', body: Buffer.from('42') },
  { name: 'an array', body: Buffer.from('[1, null, "x", []]') },
  { name: 'deep JSON', body: Buffer.from(nested(200_000)) },
  { name: 'deep JSON in a field', body: Buffer.from(`{"alerts":[{"labels":${nested(100_000)}}]}`) },
  { name: 'bad UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
  { name: 'all bytes', body: Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256)) },
  {
    name: 'fields of the wrong type',
    body: Buffer.from('{"alerts":{},"payload":[],"resourceSpans":7,"event_action":[]}'),
  },
  {
    name: 'names of every object',
    body: Buffer.from('{"__proto__":{"x":1},"constructor":{"prototype":{}},"alerts":[{"__proto__":null}]}'),
  },
];
