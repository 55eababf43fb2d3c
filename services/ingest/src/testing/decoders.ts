/** Every decoder that takes a stranger's bytes, by name, with bodies to start from. For harnesses that try what else they can be given. */
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { defaultEntityRules, defaultEnvironmentRules } from '@faultline/model';
import { decompressBody } from '../body/decompress.ts';
import { createClusterNames } from '../cluster-names.ts';
import { ingestConfig } from '../config.ts';
import { createMappingEvaluator } from '../mapping/evaluator.ts';
import { mediaType } from '../receive/call.ts';
import { recordsOf } from '../record.ts';
import { SenderCache } from '../sender-cache.ts';
import { createServiceNames } from '../service-names.ts';
import type { Route, SourceContext } from '../source.ts';
import { declaredSources, sources } from '../sources/index.ts';
import { examplesOf } from './examples.ts';
import { type Shape, shapes } from './shapes.ts';

export interface Decoder {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  /** Decodes, and makes records of what is good. Throws only when there is a bug. */
  run(bytes: Buffer): void | Promise<void>;
}

const receivedAtMs = Date.UTC(2026, 2, 1, 12, 0, 0);
const context: SourceContext = {
  config: ingestConfig.parse({}),
  entityRules: defaultEntityRules,
  serviceNames: createServiceNames(),
  clusterNames: createClusterNames(createServiceNames(), () => 0),
  // Small, because what it keeps counts as left over.
  senders: new SenderCache(1024 * 1024),
  environmentRules: defaultEnvironmentRules,
  uniqueId: 'unique',
  processorMs: () => 0,
  getText: async () => null,
  mappings: { evaluate: async () => ({ ok: false, code: 'INGEST_MAPPING', reason: '' }), close: async () => {} },
};

const seedBytes = 3000;

/** One for each route and content type, one for each content encoding. */
export function allDecoders(): readonly Decoder[] {
  return [
    ...routeDecoders(),
    ...mappingDecoders(),
    ...encodings.map(([encoding, seeds]) => encodingDecoder(encoding, seeds)),
  ];
}

function routeDecoders(): Decoder[] {
  const groups = Map.groupBy(shapes, ({ path, contentType }) => `${path} ${contentType}`);
  return [...groups].map(([name, [first, ...others]]) => {
    if (first === undefined) throw new Error(`no shape for ${name}`);
    return { name, seeds: [first, ...others].map(({ body }) => body(seedBytes)), run: runOf(first) };
  });
}

/** The sources that a mapping reads, from their examples. The thread of the mappings starts with the first body. */
function mappingDecoders(): Decoder[] {
  return declaredSources.flatMap(({ name, expression, routes: [route] }) => {
    if (expression === undefined || route === undefined) return [];
    const examples = examplesOf(name).filter(({ path }) => path === undefined || path === route.path);
    const seeds = examples.map(({ body }) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    const headers = examples[0]?.headers ?? {};
    return [{ name: route.path, seeds, run: (bytes: Buffer) => decodeMapped(route, headers, bytes) }];
  });
}

const mappings = createMappingEvaluator({ timeoutMs: 1000, memoryMb: 128 });

async function decodeMapped(route: Route, headers: Readonly<Record<string, string>>, bytes: Buffer): Promise<void> {
  const request = { tenant: 'acme', bytes, contentType: 'application/json', headers, receivedAtMs };
  const all = { ...context, mappings };
  const prepared = await (route.prepare?.(request, all) ?? { ok: true as const, request });
  const decided = prepared.ok ? route.accept(prepared.request, all) : prepared;
  if (decided.ok) route.replyAccepted(decided, request);
  else if (decided.problem.code === 'INGEST_TOO_COSTLY') throw new Error(decided.problem.reason);
}

function runOf({ source, path, contentType }: Shape): (bytes: Buffer) => void {
  const route = sources.find(({ name }) => name === source)?.routes.find((candidate) => candidate.path === path);
  if (route === undefined) throw new Error(`no route ${path}`);
  return (bytes) => decode(route, source, contentType, bytes);
}

function decode(route: Route, source: string, contentType: string, bytes: Buffer): void {
  const ofEvent = contentType.startsWith('application/cloudevents') ? {} : { 'ce-type': 'x', 'ce-id': '1' };
  const headers = { ...ofEvent, 'content-type': contentType };
  const request = { tenant: 'acme', bytes, contentType: mediaType(contentType), headers, receivedAtMs };
  const decided = route.accept(request, context);
  route.bodyToken?.(bytes);
  route.redact?.(bytes);
  if (!decided.ok) return;
  decided.bad?.payload(65_536);
  route.replyAccepted(decided, request);
  recordsOf(decided.records, {
    source,
    requestHash: 'hash',
    receivedAtMs,
    blockBytes: 512 * 1024,
    maxRecordBytes: 1_000_000,
    partitionOf: () => 0,
  });
}

const plain = Buffer.from('service.name=cart;http.route=/cart/{id};'.repeat(20));
const snappyFrame = Buffer.concat([
  Buffer.from([0xff, 6, 0, 0]),
  Buffer.from('sNaPpY'),
  Buffer.from([1, 8, 0, 0, 0, 0, 0, 0]),
  Buffer.from('abcd'),
  Buffer.from([0, 10, 0, 0, 0, 0, 0, 0, 5, 0, 0x61, 0x01, 1, 0]),
]);
const lz4Frame = Buffer.from('04224d1860408212000000f2016162636465666768696a6b6c6d6e6f7010000000000000', 'hex');

const encodings: readonly (readonly [string, readonly Buffer[]])[] = [
  ['gzip', [gzipSync(plain)]],
  ['zstd', [zstdCompressSync(plain)]],
  ['deflate', [deflateSync(plain), deflateRawSync(plain)]],
  ['snappy', [Buffer.from([5, 0x00, 0x61, 0x01, 1]), snappyFrame]],
  ['x-snappy-framed', [snappyFrame]],
  ['lz4', [lz4Frame]],
];

function encodingDecoder(encoding: string, seeds: readonly Buffer[]): Decoder {
  const limits = { maxBytes: 1_000_000, ratio: 200 };
  return {
    name: `content-encoding ${encoding}`,
    seeds,
    run: async (bytes) => {
      await decompressBody(bytes, encoding, limits);
    },
  };
}
