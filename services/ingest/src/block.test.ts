import { codecs, type Resource, type Span, type SpanBlock } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { attributesBytes, boundAttributes, truncatedMarker } from './attributes.ts';
import { buildBlocks } from './block.ts';
import { EncodedItems } from './encode/encoded-items.ts';
import { spanItems } from './encode/kinds.ts';
import { decoded } from './testing/ingest.ts';

const maxBytes = 40_000;
const partitions = 4;

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function resource(name: string): Resource {
  const attributes = { 'service.name': name };
  return {
    scope: { tenant: 't', environment: 'e' },
    attributes,
    entities: { service: name },
    scopeName: '',
    scopeVersion: '',
  };
}

function span(index: number, resourceIndex: number, attributes: Record<string, string>): Span {
  return {
    resource: resourceIndex,
    traceId: index.toString(16).padStart(32, '1'),
    spanId: index.toString(16).padStart(16, '0'),
    parentSpanId: '',
    name: `op ${index}`,
    kind: 'server',
    status: 'unset',
    statusMessage: '',
    startNs: 1n,
    durationNs: 1n,
    traceState: '',
    attributes,
    events: '',
    links: '',
  };
}

function blocksOf(spans: readonly Span[], resources: readonly Resource[]) {
  const items = new EncodedItems(spanItems);
  for (const span of spans) items.add(span);
  const records = buildBlocks(
    { resources, items },
    {
      topic: 'spans',
      source: 'otlp',
      requestHash: 'hash',
      receivedAtMs: 1,
      targetBytes: 20_000,
      maxBytes,
      partitionOf: (encoded, index) => Number.parseInt(encoded.at(index).spanId, 16) % partitions,
    },
  );
  return records.map((record) => ({ record, block: decoded<SpanBlock>(codecs.spanBlock, record.value) }));
}

describe('blocks', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'hold every item once, in its partition, with its resource, under the limit (seed %i)',
    (seed) => {
      const draw = random(seed);
      const resources = Array.from({ length: 1 + Math.floor(draw() * 20) }, (_, index) => resource(`service-${index}`));
      const items = Array.from({ length: Math.floor(draw() * 2000) }, (_, index) =>
        span(
          index,
          Math.floor(draw() * resources.length),
          draw() < 0.02 ? { big: 'x'.repeat(Math.floor(draw() * 120_000)) } : { a: 'b' },
        ),
      );
      const built = blocksOf(items, resources);
      const seen = new Map<string, string>();
      for (const { record, block } of built) {
        expect(record.value?.length).toBeLessThanOrEqual(maxBytes);
        expect(record.headers?.['items']).toBe(String(block.items.length));
        expect(record.value).toEqual(codecs.spanBlock.encode(block));
        for (const item of block.items) {
          expect(record.partition).toBe(Number.parseInt(item.spanId, 16) % partitions);
          expect(seen.has(item.spanId)).toBe(false);
          seen.set(item.spanId, block.resources[item.resource]?.attributes['service.name'] ?? '');
        }
      }
      const sent = items.map((item): [string, string] => [item.spanId, `service-${item.resource}`]);
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(sent));
      const names = built.map(({ record }) => `${record.partition}/${record.headers?.['request']}`);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('are the same when the same request comes again', () => {
    const items = Array.from({ length: 500 }, (_, index) => span(index, index % 3, { a: 'x'.repeat(index) }));
    const resources = ['a', 'b', 'c'].map(resource);
    const bytes = () =>
      blocksOf(items, resources).map(({ record }) => Buffer.from(record.value ?? []).toString('base64'));
    expect(bytes()).toEqual(bytes());
  });

  it('cut the largest attribute of an item that alone is too large, and say which', () => {
    const [built] = blocksOf([span(1, 0, { big: 'é'.repeat(100_000), small: 'kept' })], [resource('a')]);
    expect(built?.block.items[0]?.attributes).toMatchObject({
      small: 'kept',
      [truncatedMarker]: expect.stringContaining('big'),
    });
  });

  it('leave out JSON that is too large, as a part of it would not be JSON', () => {
    const huge = { ...span(1, 0, { a: 'b' }), events: JSON.stringify(['x'.repeat(100_000)]) };
    const [built] = blocksOf([huge], [resource('a')]);
    expect(built?.block.items[0]).toMatchObject({ events: '', attributes: { [truncatedMarker]: 'events' } });
  });

  it('hold an item whose attribute names alone are too large', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${index}${'n'.repeat(100)}`, '']),
    );
    const [built] = blocksOf([span(1, 0, attributes)], [resource('a')]);
    expect(built?.block.items[0]?.attributes[truncatedMarker]).toBeDefined();
  });

  it('hold an item whose resource is too large', () => {
    const big = { ...resource('a'), attributes: { a: 'x'.repeat(100_000) } };
    expect(blocksOf([span(1, 0, {})], [big])).toHaveLength(1);
  });
});

it('attributes within the size are left as they are', () => {
  const attributes = { a: 'b' };
  expect(boundAttributes(attributes, 1000)).toBe(attributes);
  expect(attributesBytes(boundAttributes({ a: 'x'.repeat(5000), b: 'y'.repeat(300) }, 2000))).toBeLessThanOrEqual(2000);
});
