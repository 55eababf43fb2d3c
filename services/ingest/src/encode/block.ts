/**
 * Writes a telemetry block (protos/span-block.avsc and its neighbours): header, source, hash, time, resources, items. An Avro list is its
 * count, its elements and a zero.
 */
import type { Resource } from '@faultline/model';
import { AvroWriter } from './avro-writer.ts';
import { type AnyItem, type EncodedItems, resourceBytes } from './encoded-items.ts';
import { encodedResource } from './resource.ts';

export interface BlockHead {
  readonly source: string;
  readonly requestHash: string;
  readonly receivedAtMs: number;
}

export interface BlockContent<Item extends AnyItem> {
  readonly head: BlockHead;
  readonly resources: readonly Resource[];
  readonly items: EncodedItems<Item>;
  /** The indexes of the items that go into this block. */
  readonly chosen: readonly number[];
  /** From an item's resource to the place of that resource in this block. */
  readonly places: ReadonlyMap<number, number>;
}

/** The bytes of a block. It has at least one item. */
export function writeBlock<Item extends AnyItem>(content: BlockContent<Item>): Buffer {
  const { head, resources, items, chosen } = content;
  const { parts } = items.kind;
  const writer = new AvroWriter(sizeOf(content));
  writer.raw(parts.header);
  writer.text(head.source);
  writer.text(head.requestHash);
  writer.long(Math.floor(head.receivedAtMs / 2 ** 32), head.receivedAtMs >>> 0);
  writer.int(resources.length);
  for (const resource of resources) writer.raw(encodedResource(resource, parts));
  writer.byte(0);
  writer.int(chosen.length);
  for (const index of chosen) {
    writer.int(content.places.get(items.resource(index)) ?? 0);
    writer.raw(items.buffer, items.start(index) + resourceBytes, items.end(index));
  }
  writer.byte(0);
  return writer.buffer.subarray(0, writer.pos);
}

/** At least as large as the block. */
function sizeOf<Item extends AnyItem>({ head, resources, items, chosen }: BlockContent<Item>): number {
  let bytes = 64 + 3 * (head.source.length + head.requestHash.length);
  for (const resource of resources) bytes += encodedResource(resource, items.kind.parts).length;
  for (const index of chosen) bytes += items.end(index) - items.start(index) + 5;
  return bytes;
}
