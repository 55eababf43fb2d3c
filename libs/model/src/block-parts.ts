/**
 * The parts of a telemetry block in Avro: its header, a resource, an item. Ingest encodes them one by one and puts blocks together from them.
 * A block made of parts has the bytes that the codec of the whole block would write; a test compares them.
 */
import avro, { type Type } from 'avsc';
import { compileSchema, fingerprintOf } from './schema-version.ts';
import { schemas } from './schemas.generated.ts';
import type { Log, MetricPoint, Resource, Span } from './telemetry.ts';

export interface BlockParts<Item> {
  /** Single-object encoding: marker and fingerprint of the schema, before the block itself. */
  readonly header: Buffer;
  encodeResource(resource: Resource): Buffer;
  /**
   * Writes an item at `position` and returns the position after it. When the buffer is too small it returns the number of missing bytes,
   * negative. Throws on a value that does not fit the schema.
   */
  encodeItem(item: Item, buffer: Buffer, position: number): number;
  /** Reads an item that `encodeItem` wrote. Throws on other bytes. */
  decodeItem(buffer: Buffer, position: number): Item;
}

function createBlockParts<Item>(name: 'span-block' | 'log-block' | 'metric-block'): BlockParts<Item> {
  const block = compileSchema(schemas[name]);
  const resources = elementsOf(block, 'resources');
  const items = elementsOf(block, 'items');
  return {
    header: Buffer.concat([Buffer.from([0xc3, 0x01]), fingerprintOf(schemas[name])]),
    encodeResource: (resource) => resources.toBuffer(resource),
    encodeItem: (item, buffer, position) => items.encode(item, buffer, position),
    decodeItem: (buffer, position) => items.decode(buffer, position).value as Item,
  };
}

function elementsOf(block: Type, field: string): Type {
  const list = block instanceof avro.types.RecordType ? block.field(field)?.type : undefined;
  if (!(list instanceof avro.types.ArrayType)) throw new Error(`${block.name}.${field} is no array`);
  return list.itemsType;
}

export const blockParts = {
  spans: createBlockParts<Span>('span-block'),
  logs: createBlockParts<Log>('log-block'),
  metrics: createBlockParts<MetricPoint>('metric-block'),
};
