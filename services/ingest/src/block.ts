/**
 * Turns decoded telemetry into records. Items are grouped by partition, cut into blocks near `targetBytes` and encoded. A block over `maxBytes`
 * is split again. Nothing is dropped: an item that is too large by itself loses its largest texts, and an attribute names them.
 * See docs/adr/0001-telemetry-blocks.md.
 */
import type { OutgoingRecord } from '@faultline/bus';
import { type Attributes, type Block, type Resource, scopeKey, type TopicName } from '@faultline/model';
import { attributesBytes, boundAttributes, truncatedMarker } from './attributes.ts';
import type { Telemetry } from './source.ts';
import { finish, type Steps } from './steps.ts';

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

/** All steps at once. */
export function buildBlocks<Item extends AnyItem>(
  telemetry: Telemetry<Item>,
  options: BlockOptions<Item>,
): OutgoingRecord[] {
  return finish(blockSteps(telemetry, options));
}

/** The records of one request for one topic, in steps. A request that is sent again makes the same records. */
export function* blockSteps<Item extends AnyItem>(
  telemetry: Telemetry<Item>,
  options: BlockOptions<Item>,
): Steps<OutgoingRecord[]> {
  const records: OutgoingRecord[] = [];
  for (const [partition, chunks] of [...chunksByPartition(telemetry, options)].sort(([a], [b]) => a - b)) {
    const output: PartitionOutput = { partition, blocks: 0, records };
    for (const { items } of chunks) {
      yield;
      encodePiece({ items, resources: telemetry.resources, shrinks: 0 }, output, options);
    }
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

/** Items of one partition that go into one block if they fit. */
interface Piece<Item> {
  readonly items: readonly Item[];
  readonly resources: readonly Resource[];
  /** How often it was shrunk. */
  readonly shrinks: number;
}

interface PartitionOutput {
  readonly partition: number;
  /** Blocks of this request in this partition so far. */
  blocks: number;
  readonly records: OutgoingRecord[];
}

/** Encodes a piece, and its halves while a block is over the limit. A stack, not recursion: depth must not follow size. */
function encodePiece<Item extends AnyItem>(
  first: Piece<Item>,
  output: PartitionOutput,
  options: BlockOptions<Item>,
): void {
  const stack = [first];
  for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
    // Each block of a request has its own hash, so that only a block that is sent again counts as a repeat.
    const block = compactBlock(piece, `${options.requestHash}.${output.blocks}`, options);
    const value = options.encode(block);
    if (value.length > options.maxBytes) stack.push(...smallerPieces(block, piece.shrinks, value.length, options));
    else {
      output.blocks++;
      output.records.push(recordOf(block, value, output.partition, options));
    }
  }
}

/** Two halves, the first on top of the stack; or the one item with less in it. */
function smallerPieces<Item extends AnyItem>(
  { items, resources }: Block<Item>,
  shrinks: number,
  sizeBytes: number,
  options: BlockOptions<Item>,
): Piece<Item>[] {
  if (items.length > 1) {
    const middle = items.length >> 1;
    return [
      { items: items.slice(middle), resources, shrinks },
      { items: items.slice(0, middle), resources, shrinks },
    ];
  }
  const [item] = items;
  const [resource] = resources;
  if (item === undefined || resource === undefined || shrinks >= mostShrinks)
    throw new Error(`a block of one item is ${sizeBytes} bytes, with all that can be cut already cut`);
  const room = { maxBytes: options.maxBytes, overBytes: sizeBytes - options.maxBytes };
  const less = shrinks === 0 ? shrink(item, resource, room) : bare(item, resource);
  return [{ items: [less.item], resources: [less.resource], shrinks: shrinks + 1 }];
}

/** A block with only the resources that its items use. */
function compactBlock<Item extends AnyItem>(
  { items, resources }: Piece<Item>,
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

/** Fields that hold JSON. Cutting them would break the JSON, so they are emptied instead. */
const jsonFields = new Set(['events', 'links', 'detail']);
const keptTextLength = 1024;
const leastAttributeBytes = 4096;
const mostShrinks = 2;

interface Room {
  readonly maxBytes: number;
  /** What the item and its resource take beyond it. */
  readonly overBytes: number;
}

interface Single<Item> {
  readonly item: Item;
  readonly resource: Resource;
}

/** One item and its resource with their long texts cut, and their attributes bounded to what is left. */
function shrink<Item extends AnyItem>(item: Item, resource: Resource, room: Room): Single<Item> {
  const texts = Object.entries(item).filter(([, value]) => typeof value === 'string' && value.length > keptTextLength);
  const spared = texts.reduce((sum, [, value]) => sum + Buffer.byteLength(String(value)) - keptTextLength, 0);
  const wanted = attributesBytes(item.attributes) - Math.max(0, room.overBytes - spared) - leastAttributeBytes;
  return {
    item: cutTexts(item, texts, Math.max(leastAttributeBytes, wanted)),
    resource: {
      ...resource,
      attributes: boundAttributes(resource.attributes, Math.max(leastAttributeBytes, room.maxBytes >> 3)),
    },
  };
}

function cutTexts<Item extends AnyItem>(
  item: Item,
  texts: readonly (readonly [string, unknown])[],
  maxBytes: number,
): Item {
  const cut = texts.map(([name, value]) => [name, jsonFields.has(name) ? '' : String(value).slice(0, keptTextLength)]);
  const names = texts.map(([name]) => name).join(',');
  const marked = names === '' ? item.attributes : { ...item.attributes, [truncatedMarker]: names };
  return { ...item, ...Object.fromEntries(cut), attributes: boundAttributes(marked, maxBytes) };
}

const bareNameLength = 256;

/** The last resort: the item without attributes, its resource with short names only. */
function bare<Item extends AnyItem>(item: Item, resource: Resource): Single<Item> {
  const entities = Object.entries(resource.entities).map(([kind, name]) => [kind, name?.slice(0, bareNameLength)]);
  return {
    item: { ...item, attributes: { [truncatedMarker]: 'attributes' } },
    resource: {
      scope: resource.scope,
      attributes: { [truncatedMarker]: 'attributes' },
      entities: Object.fromEntries(entities) as Resource['entities'],
      scopeName: resource.scopeName.slice(0, bareNameLength),
      scopeVersion: resource.scopeVersion.slice(0, bareNameLength),
    },
  };
}
