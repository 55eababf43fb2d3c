/**
 * The outer part of an OTLP export request in protobuf. It has the same field numbers for traces, metrics and logs: request.resource_x = 1,
 * resource_x.resource = 1 and scope_x = 2, scope_x.scope = 1 and items = 2. So one walk serves all three, also when it is written back.
 */
import type { AnyItem, ItemKind } from '../../encode/encoded-items.ts';
import type { ByteRange, ReadResource } from '../../sender-cache.ts';
import type { Problem } from '../../source.ts';
import type { Steps } from '../../steps.ts';
import { readAttribute } from './any-value.ts';
import { type Batch, BatchBuilder } from './batch.ts';
import { RefusedItem } from './refused.ts';
import { attributesProblem, boundedText, type ItemRules } from './validity.ts';
import { WireReader } from './wire.ts';

/** An item's bytes and those of the resource and scope it stood in. */
export interface RawItem {
  readonly resource: Buffer;
  readonly scope: Buffer;
  readonly item: Buffer;
}

/** Where an item stands. `resource` is its index; `problem` is what is wrong with its resource, which is wrong with each item then. */
export interface Place {
  readonly resource: number;
  readonly problem: Problem | null;
  readonly raw: (item: Buffer) => RawItem;
}

export interface ProtoItems<Item extends AnyItem> {
  readonly reader: WireReader;
  readonly rules: ItemRules;
  readonly batch: BatchBuilder<Item, RawItem>;
}

/**
 * Reads the item whose bytes end at `end`: adds it to the batch or refuses it there. In steps when it may be large. May throw
 * RefusedItem.
 */
export type ReadItem<Item extends AnyItem> = (items: ProtoItems<Item>, place: Place, end: number) => void | Steps<void>;

/** How the items of a signal are read and encoded. */
export interface ProtoSignal<Item extends AnyItem> {
  readonly kind: ItemKind<Item>;
  readonly readItem: ReadItem<Item>;
}

/** Walks a request. Throws WireError when the bytes are not protobuf, RefusedRequest when it is over a limit. */
export function* decodeProto<Item extends AnyItem>(
  bytes: Buffer,
  rules: ItemRules,
  { kind, readItem }: ProtoSignal<Item>,
): Steps<Batch<Item, RawItem>> {
  const items: ProtoItems<Item> = {
    reader: new WireReader(bytes),
    rules,
    batch: new BatchBuilder<Item, RawItem>(kind, rules.limits, bytes.length),
  };
  for (const end of fieldsOf(items.reader, bytes.length, 1)) yield* readResource(items, end, readItem);
  return items.batch.build();
}

/** `instrumentation_library_spans` and the like, before OTLP 0.15: the same message in another field. */
const oldScopes = 1000;

/** Items between two steps: less than a millisecond of work. */
export const itemsPerStep = 64;

/** The end of each field `field`, or `oldField`, of the message that ends at `end`, entered. Skips the others. */
export function* fieldsOf(reader: WireReader, end: number, field: number, oldField = field): Generator<number> {
  while (reader.next(end)) {
    if (reader.field !== field && reader.field !== oldField) reader.skip();
    else {
      const fieldEnd = reader.enter();
      yield fieldEnd;
      reader.leave(fieldEnd);
    }
  }
  reader.leave(end);
}

/** Runs `look` over the fields of a message, then goes back to its start: fields may come in any order. */
export function peek(reader: WireReader, end: number, look: () => void): void {
  const start = reader.pos;
  while (reader.next(end)) look();
  reader.leave(end);
  reader.pos = start;
}

function* readResource<Item extends AnyItem>(
  items: ProtoItems<Item>,
  end: number,
  readItem: ReadItem<Item>,
): Steps<void> {
  const { reader, rules, batch } = items;
  batch.countResource('resourceSpans, resourceMetrics or resourceLogs');
  const raw = rangeOfFirstField(reader, end);
  const open = { raw, read: rules.senders.read(reader.buffer, raw, (bytes) => readResourceAttributes(bytes, rules)) };
  for (const scopeEnd of fieldsOf(reader, end, 2, oldScopes)) yield* readScope(items, open, scopeEnd, readItem);
}

interface OpenResource {
  readonly read: ReadResource;
  /** Where the resource is in the request. */
  readonly raw: ByteRange;
}

/** Where field 1 of the message that ends at `end` is: a resource, or a scope. The last one counts. The reader goes back to the start. */
function rangeOfFirstField(reader: WireReader, end: number): ByteRange {
  const from = reader.pos;
  const range = { start: 0, end: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) {
      range.end = reader.enter();
      range.start = reader.pos;
      reader.pos = range.end;
    } else reader.skip();
  }
  reader.leave(end);
  reader.pos = from;
  return range;
}

function readResourceAttributes(raw: Buffer, rules: ItemRules): ReadResource {
  const reader = new WireReader(raw);
  const sink = { attributes: {} as Record<string, string>, count: 0 };
  try {
    while (reader.next(raw.length)) {
      if (reader.field === 1) readAttribute(reader, sink, rules);
      else reader.skip();
    }
  } catch (error) {
    if (error instanceof RefusedItem) return { attributes: {}, problem: error.problem };
    throw error;
  }
  return { attributes: sink.attributes, problem: attributesProblem(sink.count, rules) };
}

function bytesOf({ buffer }: WireReader, { start, end }: ByteRange): Buffer {
  return buffer.subarray(start, end);
}

function* readScope<Item extends AnyItem>(
  items: ProtoItems<Item>,
  open: OpenResource,
  end: number,
  readItem: ReadItem<Item>,
): Steps<void> {
  const { reader, rules, batch } = items;
  const scope = rangeOfFirstField(reader, end);
  const from = reader.pos;
  const { scopeName, scopeVersion } = readScopeName(reader, scope, rules.limits.labelValueBytes);
  reader.pos = from;
  const { attributes, problem } = open.read;
  const openScope = batch.openScope({ attributes, scopeName, scopeVersion }, 'scopeSpans, scopeMetrics or scopeLogs');
  const place: Place = {
    get resource() {
      return openScope.index;
    },
    problem,
    raw: (item) => ({ resource: bytesOf(reader, open.raw), scope: bytesOf(reader, scope), item }),
  };
  let read = 0;
  for (const itemEnd of fieldsOf(reader, end, 2)) {
    const more = readOne(items, place, itemEnd, readItem);
    if (more !== null) yield* more;
    read++;
    if (read % itemsPerStep === 0) yield;
  }
  yield;
}

/** Null when the item is read; otherwise its further steps. */
function readOne<Item extends AnyItem>(
  items: ProtoItems<Item>,
  place: Place,
  end: number,
  readItem: ReadItem<Item>,
): Steps<void> | null {
  const start = items.reader.pos;
  items.rules.spendItem();
  items.reader.beginItem();
  try {
    const more = readItem(items, place, end);
    return more === undefined ? null : readRest(items, { place, start, end }, more);
  } catch (error) {
    refuseItem(items, { place, start, end }, error);
    return null;
  }
}

interface ItemPlace {
  readonly place: Place;
  readonly start: number;
  readonly end: number;
}

function* readRest<Item extends AnyItem>(items: ProtoItems<Item>, at: ItemPlace, more: Steps<void>): Steps<void> {
  try {
    yield* more;
  } catch (error) {
    refuseItem(items, at, error);
  }
}

function refuseItem<Item extends AnyItem>(
  { reader, batch }: ProtoItems<Item>,
  { place, start, end }: ItemPlace,
  error: unknown,
): void {
  if (!(error instanceof RefusedItem)) throw error;
  reader.pos = end;
  batch.refuse(error.problem, () => place.raw(reader.buffer.subarray(start, end)));
}

/** Name and version of a scope, each cut to `maxLength`: they are repeated in every block that holds an item of the scope. */
function readScopeName(reader: WireReader, { start, end }: ByteRange, maxLength: number) {
  let scopeName = '';
  let scopeVersion = '';
  reader.pos = start;
  while (reader.next(end)) {
    if (reader.field === 1) scopeName = reader.text();
    else if (reader.field === 2) scopeVersion = reader.text();
    else reader.skip();
  }
  reader.leave(end);
  return { scopeName: boundedText(scopeName, maxLength), scopeVersion: boundedText(scopeVersion, maxLength) };
}

/** A length-delimited field. */
export function protoField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** The bad items as a request of their own. Ends after the item that passes `maxBytes`: each repeats its resource, which may be large. */
export function encodeRawItems(items: readonly RawItem[], maxBytes: number): Buffer {
  const groups: Buffer[] = [];
  let bytes = 0;
  for (const { resource, scope, item } of items) {
    if (bytes > maxBytes) break;
    const scoped = Buffer.concat([protoField(1, scope), protoField(2, item)]);
    const group = protoField(1, Buffer.concat([protoField(1, resource), protoField(2, scoped)]));
    bytes += group.length;
    groups.push(group);
  }
  return Buffer.concat(groups);
}
