/**
 * The items of one request, each in the Avro encoding that blocks hold. Items lie one behind the other in one buffer, so that a request of
 * thousands of them makes no object for each. An item that somebody has to look into is decoded.
 */
import type { Attributes, BlockParts } from '@faultline/model';
import { AvroWriter } from './avro-writer.ts';

export interface AnyItem {
  readonly resource: number;
  readonly attributes: Attributes;
}

export interface ItemKind<Item> {
  readonly parts: BlockParts<Item>;
  /** Whether an item's own attributes may say that it is about somebody else than its sender. */
  readonly mayNameOther: (item: Item) => boolean;
}

/** The index of an item's resource comes first. Blocks number their resources anew, so here it is 0, which takes one byte. */
export const resourceBytes = 1;

export class EncodedItems<Item extends AnyItem> implements Iterable<Item> {
  readonly kind: ItemKind<Item>;
  /** Holds the items. To add one: `begin`, write it, `commit`. */
  readonly writer: AvroWriter;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #resources: number[] = [];
  /** Indexes of items that may be about somebody else than their sender. */
  readonly namingOther: number[] = [];
  #used = 0;

  constructor(kind: ItemKind<Item>, capacity = 1024) {
    this.kind = kind;
    this.writer = new AvroWriter(capacity);
  }

  get length(): number {
    return this.#resources.length;
  }

  get buffer(): Buffer {
    return this.writer.buffer;
  }

  start(index: number): number {
    return this.#starts[index] as number;
  }

  end(index: number): number {
    return this.#ends[index] as number;
  }

  resource(index: number): number {
    return this.#resources[index] as number;
  }

  /** Starts an item and discards one that was not committed. The caller writes the fields after the resource. */
  begin(): AvroWriter {
    this.writer.pos = this.#used;
    this.writer.byte(0);
    return this.writer;
  }

  /** Adds the item that was written since `begin`. */
  commit(resource: number, mayNameOther: boolean): void {
    if (mayNameOther) this.namingOther.push(this.length);
    this.#starts.push(this.#used);
    this.#used = this.writer.pos;
    this.#ends.push(this.#used);
    this.#resources.push(resource);
  }

  /** Encodes an item and adds it. */
  add(item: Item): void {
    this.#encode(item);
    this.commit(item.resource, this.kind.mayNameOther(item));
  }

  #encode(item: Item): void {
    const { writer } = this;
    const encoded = item.resource === 0 ? item : { ...item, resource: 0 };
    writer.pos = this.#used;
    let end = this.kind.parts.encodeItem(encoded, writer.buffer, writer.pos);
    if (end < 0) {
      writer.reserve(writer.buffer.length - writer.pos - end);
      end = this.kind.parts.encodeItem(encoded, writer.buffer, writer.pos);
    }
    writer.pos = end;
  }

  /** The item as an object. Changing it changes nothing here. */
  at(index: number): Item {
    const item = this.kind.parts.decodeItem(this.buffer, this.start(index));
    return { ...item, resource: this.resource(index) };
  }

  setResource(index: number, resource: number): void {
    this.#resources[index] = resource;
  }

  /** Puts another item in the place of one. */
  replace(index: number, item: Item): void {
    this.#encode(item);
    this.#starts[index] = this.#used;
    this.#used = this.writer.pos;
    this.#ends[index] = this.#used;
    this.#resources[index] = item.resource;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}
