/**
 * From decoded telemetry to records on the log: items are grouped by partition, cut into blocks near `targetBytes`, encoded, and split again
 * while a block is over `maxBytes`. Nothing is dropped: an item that alone is too large loses its largest texts and says so.
 * See docs/adr/0001-telemetry-blocks.md.
 */
import type { OutgoingRecord } from '@faultline/bus';
import { type Attributes, type Block, type Resource, scopeKey, type TopicName } from '@faultline/model';
import { attributesBytes, boundAttributes, truncatedMarker } from './attributes.ts';
import type { Telemetry } from './source.ts';

interface AnyItem {
  readonly resource: number;
  readonly attributes: Attributes;
}

export interface BlockOptions<Item> {
  readonly topic: TopicName;
  readonly source: string;
  /** Hash of the sender's request. */
  readonly requestHash: string;
  readonly receivedAtMs: number;
  readonly targetBytes: number;
  readonly maxBytes: number;
  readonly partitionOf: (item: Item, resource: Resource) => number;
  readonly encode: (block: Block<Item>) => Uint8Array;
}

interface Chunk<Item> {
  readonly items: Item[];
  readonly seen: Set<number>;
  sizeBytes: number;
}

/** The records of one request for one topic. The same request gives the same records, also when it is sent again. */
export function buildBlocks<Item extends AnyItem>(
  telemetry: Telemetry<Item>,
  options: BlockOptions<Item>,
): OutgoingRecord[] {
  const records: OutgoingRecord[] = [];
  for (const [partition, chunks] of [...chunksByPartition(telemetry, options)].sort(([a], [b]) => a - b)) {
    const parts = { count: 0 };
    for (const chunk of chunks)
      encodeBlock({ partition, parts, items: chunk.items, resources: telemetry.resources, records }, options);
  }
  return records;
}

function chunksByPartition<Item extends AnyItem>(
  telemetry: Telemetry<Item>,
  options: BlockOptions<Item>,
): Map<number, Chunk<Item>[]> {
  const { resources, items, sizes } = telemetry;
  const resourceSizes = resources.map((resource) => attributesBytes(resource.attributes) * 2 + 64);
  const partitions = new Map<number, Chunk<Item>[]>();
  items.forEach((item, index) => {
    const partition = options.partitionOf(item, resources[item.resource] as Resource);
    const chunks = partitions.get(partition) ?? [];
    if (chunks.length === 0) partitions.set(partition, chunks);
    const resourceBytes = resourceSizes[item.resource] ?? 0;
    const sizeBytes = sizes[index] ?? 0;
    let chunk = chunks.at(-1);
    if (chunk === undefined || chunk.sizeBytes + sizeBytes + resourceBytes > options.targetBytes) {
      chunk = { items: [], seen: new Set(), sizeBytes: 0 };
      chunks.push(chunk);
    }
    if (!chunk.seen.has(item.resource)) chunk.sizeBytes += resourceBytes;
    chunk.seen.add(item.resource);
    chunk.sizeBytes += sizeBytes;
    chunk.items.push(item);
  });
  return partitions;
}

interface Piece<Item> {
  readonly partition: number;
  /** Counts the blocks of this request in this partition. */
  readonly parts: { count: number };
  readonly items: readonly Item[];
  readonly resources: readonly Resource[];
  readonly records: OutgoingRecord[];
}

function encodeBlock<Item extends AnyItem>(piece: Piece<Item>, options: BlockOptions<Item>): void {
  // Each block of a request has a name of its own, so that only a block sent again is taken for a repeat.
  const requestHash = `${options.requestHash}.${piece.parts.count}`;
  const block = compactBlock(piece.items, piece.resources, requestHash, options);
  const value = options.encode(block);
  if (value.length <= options.maxBytes) {
    piece.parts.count++;
    piece.records.push(recordOf(block, value, piece.partition, options));
    return;
  }
  const { items, resources } = block;
  if (items.length > 1) {
    const middle = items.length >> 1;
    encodeBlock({ ...piece, resources, items: items.slice(0, middle) }, options);
    encodeBlock({ ...piece, resources, items: items.slice(middle) }, options);
    return;
  }
  encodeBlock({ ...piece, ...shrunk(items, resources, options.maxBytes, value.length) }, options);
}

/** A block with only the resources that its items use. */
function compactBlock<Item extends AnyItem>(
  items: readonly Item[],
  resources: readonly Resource[],
  requestHash: string,
  options: BlockOptions<Item>,
): Block<Item> {
  const used: Resource[] = [];
  const places = new Map<number, number>();
  const moved = items.map((item) => {
    let place = places.get(item.resource);
    if (place === undefined) {
      place = used.push(resources[item.resource] as Resource) - 1;
      places.set(item.resource, place);
    }
    return place === item.resource ? item : { ...item, resource: place };
  });
  return { source: options.source, requestHash, receivedAtMs: options.receivedAtMs, resources: used, items: moved };
}

function recordOf<Item>(
  block: Block<Item>,
  value: Uint8Array,
  partition: number,
  options: BlockOptions<Item>,
): OutgoingRecord {
  const scopes = new Set(block.resources.map((resource) => scopeKey(resource.scope)));
  const [scope] = scopes;
  const headers = { source: options.source, items: String(block.items.length), request: block.requestHash };
  return {
    topic: options.topic,
    key: '',
    partition,
    value,
    headers: scopes.size === 1 && scope !== undefined ? { ...headers, scope } : headers,
  };
}

/** Texts that hold JSON: cut anywhere they would not be JSON any more, so they go as a whole. */
const jsonFields = new Set(['events', 'links', 'detail']);

/** One item and its resource, smaller by what it takes. `sizeBytes` is what they took together. */
function shrunk<Item extends AnyItem>(
  items: readonly Item[],
  resources: readonly Resource[],
  maxBytes: number,
  sizeBytes: number,
): { items: Item[]; resources: Resource[] } {
  const over = sizeBytes - maxBytes;
  const shrunkItems = items.map((item) => {
    const fields = Object.entries(item).filter(([, value]) => typeof value === 'string' && value.length > 1024);
    const cut = fields.map(([name, value]) => [name, jsonFields.has(name) ? '' : String(value).slice(0, 1024)]);
    const names = cut.map(([name]) => name).join(',');
    const spared = fields.reduce((sum, [, value]) => sum + Buffer.byteLength(String(value)) - 1024, 0);
    const room = Math.max(4096, attributesBytes(item.attributes) - Math.max(0, over - spared) - 4096);
    const marked = names === '' ? item.attributes : { ...item.attributes, [truncatedMarker]: names };
    return { ...item, ...Object.fromEntries(cut), attributes: boundAttributes(marked, room) } as Item;
  });
  const shrunkResources = resources.map((resource) => ({
    ...resource,
    attributes: boundAttributes(resource.attributes, Math.max(4096, maxBytes >> 3)),
  }));
  return { items: shrunkItems, resources: shrunkResources };
}
