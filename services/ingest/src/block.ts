/**
 * Turns telemetry into records. Items are grouped by partition, cut into blocks of at most `targetBytes` and copied into them. Nothing is
 * dropped: an item that is too large by itself loses its largest texts, and an attribute names them. See docs/adr/0001-telemetry-blocks.md.
 */
import type { OutgoingRecord } from '@faultline/bus';
import { type Resource, scopeKey, type TopicName } from '@faultline/model';
import { attributesBytes, boundAttributes, truncatedMarker } from './attributes.ts';
import { type BlockHead, writeBlock } from './encode/block.ts';
import { type AnyItem, EncodedItems } from './encode/encoded-items.ts';
import { encodedResource } from './encode/resource.ts';
import type { Telemetry } from './source.ts';
import { finish, type Steps } from './steps.ts';

export interface BlockOptions<Item extends AnyItem> {
  readonly topic: TopicName;
  readonly source: string;
  /** Hash of the sender's request. */
  readonly requestHash: string;
  readonly receivedAtMs: number;
  readonly targetBytes: number;
  readonly maxBytes: number;
  readonly partitionOf: (items: EncodedItems<Item>, index: number, resource: Resource) => number;
}

/** Items of one partition that go into one block. */
interface Chunk {
  readonly items: number[];
  /** The resources that its items use: place in the request to place in the block. */
  readonly places: Map<number, number>;
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
  const partitions = yield* chunksByPartition(telemetry, options);
  for (const [partition, chunks] of [...partitions].sort(([a], [b]) => a - b))
    for (const [index, chunk] of chunks.entries()) {
      yield;
      // Each block of a request has its own hash, so that only a block that is sent again counts as a repeat.
      const head = { ...options, requestHash: `${options.requestHash}.${index}` };
      records.push(chunkRecord(chunk, telemetry, head, partition));
    }
  return records;
}

/** Items between two steps. */
const itemsPerStep = 1024;
/** An item's index of its resource, and the ends of the lists. */
const leastItemBytes = 5;
/** Source, hash, time and counts of a block. */
const headBytes = 512;

function* chunksByPartition<Item extends AnyItem>(
  { resources, items }: Telemetry<Item>,
  options: BlockOptions<Item>,
): Steps<Map<number, Chunk[]>> {
  const mostBytes = Math.min(options.targetBytes, options.maxBytes - headBytes);
  const partitions = new Map<number, Chunk[]>();
  for (let index = 0; index < items.length; index++) {
    if (index % itemsPerStep === itemsPerStep - 1) yield;
    const resource = resources[items.resource(index)] as Resource;
    const partition = options.partitionOf(items, index, resource);
    const chunks = upsert(partitions, partition);
    const itemBytes = items.end(index) - items.start(index) + leastItemBytes;
    addToChunks(chunks, { index, place: items.resource(index), itemBytes, resource }, { mostBytes, items });
  }
  return partitions;
}

function upsert(partitions: Map<number, Chunk[]>, partition: number): Chunk[] {
  const known = partitions.get(partition);
  if (known !== undefined) return known;
  const chunks: Chunk[] = [];
  partitions.set(partition, chunks);
  return chunks;
}

interface SizedItem {
  readonly index: number;
  readonly place: number;
  readonly itemBytes: number;
  readonly resource: Resource;
}

function addToChunks<Item extends AnyItem>(
  chunks: Chunk[],
  { index, place, itemBytes, resource }: SizedItem,
  { mostBytes, items }: { readonly mostBytes: number; readonly items: EncodedItems<Item> },
): void {
  const resourceBytes = encodedResource(resource, items.kind.parts).length;
  let chunk = chunks.at(-1);
  const isNew = chunk?.places.has(place) !== true;
  const added = itemBytes + (isNew ? resourceBytes : 0);
  if (chunk === undefined || chunk.sizeBytes + added > mostBytes) {
    chunk = { items: [], places: new Map(), sizeBytes: 0 };
    chunks.push(chunk);
  }
  if (!chunk.places.has(place)) {
    chunk.places.set(place, chunk.places.size);
    chunk.sizeBytes += resourceBytes;
  }
  chunk.sizeBytes += itemBytes;
  chunk.items.push(index);
}

type HeadOptions<Item extends AnyItem> = BlockOptions<Item> & BlockHead;

function chunkRecord<Item extends AnyItem>(
  chunk: Chunk,
  telemetry: Telemetry<Item>,
  head: HeadOptions<Item>,
  partition: number,
): OutgoingRecord {
  const { resources, items } = telemetry;
  const used = [...chunk.places.keys()].map((place) => resources[place] as Resource);
  const value = writeBlock({ head, resources: used, items, chosen: chunk.items, places: chunk.places });
  if (value.length <= head.maxBytes) return recordOf(used, chunk.items.length, value, { head, partition });
  return smallerRecord(chunk, telemetry, { head, partition, sizeBytes: value.length });
}

/** A record of the one item of a chunk, with less in it. */
function smallerRecord<Item extends AnyItem>(
  { items: [index = 0] }: Chunk,
  { resources, items }: Telemetry<Item>,
  { head, partition, sizeBytes }: { readonly head: HeadOptions<Item>; readonly partition: number; sizeBytes: number },
): OutgoingRecord {
  const item = { ...items.at(index), resource: 0 };
  const resource = resources[items.resource(index)] as Resource;
  const shrunk = shrink(item, resource, { maxBytes: head.maxBytes, overBytes: sizeBytes - head.maxBytes });
  for (const less of [shrunk, bare(shrunk.item, shrunk.resource)]) {
    const single = new EncodedItems(items.kind);
    single.add(less.item);
    const value = writeBlock({
      head,
      resources: [less.resource],
      items: single,
      chosen: [0],
      places: new Map([[0, 0]]),
    });
    if (value.length <= head.maxBytes) return recordOf([less.resource], 1, value, { head, partition });
  }
  throw new Error(`a block of one item is ${sizeBytes} bytes, with all that can be cut already cut`);
}

function recordOf(
  resources: readonly Resource[],
  itemCount: number,
  value: Uint8Array,
  { head, partition }: { readonly head: BlockHead & { readonly topic: TopicName }; readonly partition: number },
): OutgoingRecord {
  const scopes = new Set(resources.map((resource) => scopeKey(resource.scope)));
  const [scope] = scopes;
  const headers = { source: head.source, items: String(itemCount), request: head.requestHash };
  return {
    topic: head.topic,
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
