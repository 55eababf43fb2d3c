/** OTLP `AnyValue` and `KeyValue` from protobuf: as the text that blocks hold, and in the shape of OTLP/JSON. */
import { type JsonObject, plainOf } from './json-value.ts';
import { RefusedItem } from './refused.ts';
import { boundedText, type ItemRules, tooDeepValue } from './validity.ts';
import type { WireReader } from './wire.ts';

export interface AttributeSink {
  readonly attributes: Record<string, string>;
  count: number;
}

/** Reads one KeyValue into the sink. The last of two equal keys wins; beyond the limit they are only counted. */
export function readAttribute(reader: WireReader, sink: AttributeSink, rules: ItemRules): void {
  const end = reader.enter();
  let key = '';
  let value = '';
  while (reader.next(end)) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = readValueText(reader, rules);
    else reader.skip();
  }
  reader.leave(end);
  sink.count++;
  if (sink.count > rules.limits.attributes) return;
  setAttribute(sink.attributes, boundedText(key, rules.limits.labelValueBytes), value);
}

/** Plain assignment would take `__proto__` for the prototype. */
function setAttribute(attributes: Record<string, string>, key: string, value: string): void {
  if (key !== '__proto__') attributes[key] = value;
  else Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Reads an AnyValue as text: strings, numbers and booleans plain, bytes as base64, lists and maps as JSON. */
export function readValueText(reader: WireReader, rules: ItemRules): string {
  return readValueUntil(reader, reader.enter(), rules);
}

/** The same for a value that the reader has entered and that ends at `end`. */
export function readValueUntil(reader: WireReader, end: number, rules: ItemRules): string {
  let text = '';
  while (reader.next(end)) text = readTextOfField(reader, rules);
  reader.leave(end);
  return boundedText(text, rules.limits.textBytes);
}

function readTextOfField(reader: WireReader, rules: ItemRules): string {
  if (reader.field === 1) return reader.text();
  if (reader.field === 2) return reader.number() === 0 ? 'false' : 'true';
  if (reader.field === 3) return reader.int64().toString();
  if (reader.field === 4) return String(reader.double());
  if (reader.field === 7) return reader.bytes().toString('base64');
  const value = readJsonField(reader, rules, 1);
  return value === null ? '' : JSON.stringify(plainOf(value, rules.limits, 1));
}

/** Reads an AnyValue in the shape of OTLP/JSON, `{ "stringValue": … }`. Throws RefusedItem. */
export function readJsonValue(reader: WireReader, rules: ItemRules, depth: number): JsonObject {
  if (depth > rules.limits.valueDepth) throw new RefusedItem(tooDeepValue);
  reader.countPart(rules.limits.itemParts);
  const end = reader.enter();
  let value: JsonObject | null = null;
  while (reader.next(end)) value = readJsonField(reader, rules, depth) ?? value;
  reader.leave(end);
  return value ?? {};
}

function readJsonField(reader: WireReader, rules: ItemRules, depth: number): JsonObject | null {
  if (reader.field === 1) return { stringValue: reader.text() };
  if (reader.field === 2) return { boolValue: reader.number() !== 0 };
  if (reader.field === 3) return { intValue: reader.int64().toString() };
  if (reader.field === 4) return { doubleValue: jsonNumber(reader.double()) };
  if (reader.field === 5) return { arrayValue: { values: readList(reader, rules, depth, readJsonValue) } };
  if (reader.field === 6) return { kvlistValue: { values: readList(reader, rules, depth, readJsonKeyValue) } };
  if (reader.field === 7) return { bytesValue: reader.bytes().toString('base64') };
  reader.skip();
  return null;
}

/** Reads a KeyValue in the shape of OTLP/JSON. */
export function readJsonKeyValue(reader: WireReader, rules: ItemRules, depth: number): JsonObject {
  reader.countPart(rules.limits.itemParts);
  const end = reader.enter();
  let key = '';
  let value: JsonObject = {};
  while (reader.next(end)) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = readJsonValue(reader, rules, depth);
    else reader.skip();
  }
  reader.leave(end);
  return { key, value };
}

type ReadItem = (reader: WireReader, rules: ItemRules, depth: number) => JsonObject;

function readList(reader: WireReader, rules: ItemRules, depth: number, read: ReadItem): JsonObject[] {
  const end = reader.enter();
  const list: JsonObject[] = [];
  while (reader.next(end)) {
    if (reader.field === 1) list.push(read(reader, rules, depth + 1));
    else reader.skip();
  }
  reader.leave(end);
  return list;
}

/** JSON knows no NaN and no infinity; proto3 JSON writes them as strings. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
